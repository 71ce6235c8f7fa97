package dev.statecraft.stateful;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

// What is left out was brought along by libraries and would cost start-up time for nothing; ErrorMvc is replaced by
// ProblemValve.
@SpringBootApplication(excludeName = {"org.springframework.boot.autoconfigure.aop.AopAutoConfiguration",
  "org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration",
  "org.springframework.boot.data.autoconfigure.metrics.DataRepositoryMetricsAutoConfiguration",
  "org.springframework.boot.data.autoconfigure.web.DataWebAutoConfiguration",
  "org.springframework.boot.health.autoconfigure.application.SslHealthContributorAutoConfiguration",
  "org.springframework.boot.health.autoconfigure.application.DiskSpaceHealthContributorAutoConfiguration",
  "org.springframework.boot.micrometer.metrics.autoconfigure.ssl.SslMetricsAutoConfiguration",
  "org.springframework.boot.micrometer.metrics.autoconfigure.task.TaskExecutorMetricsAutoConfiguration",
  "org.springframework.boot.micrometer.observation.autoconfigure.ScheduledTasksObservationAutoConfiguration",
  "org.springframework.boot.netty.autoconfigure.NettyAutoConfiguration",
  "org.springframework.boot.persistence.autoconfigure.PersistenceExceptionTranslationAutoConfiguration",
  "org.springframework.boot.servlet.autoconfigure.MultipartAutoConfiguration",
  "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration",
  "org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration",
  "org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration"})
class StatefulApplication {
  static void main(String[] arguments) {
    SpringApplication.run(StatefulApplication.class, arguments);
  }
}
