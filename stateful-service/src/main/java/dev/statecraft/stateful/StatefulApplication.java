package dev.statecraft.stateful;

import dev.statecraft.service.drain.Drain;
import dev.statecraft.service.health.ReadinessController;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

// The excluded auto-configurations come with libraries and are not used; they would only cost start-up time.
// ProblemDetailValve replaces ErrorMvc.
@Import({Drain.class, ReadinessController.class})
@SpringBootApplication(
    excludeName = {"org.springframework.boot.autoconfigure.aop.AopAutoConfiguration",
      "org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration",
      "org.springframework.boot.data.autoconfigure.metrics.DataRepositoryMetricsAutoConfiguration",
      "org.springframework.boot.data.autoconfigure.web.DataWebAutoConfiguration",
      "org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration",
      "org.springframework.boot.data.redis.autoconfigure.DataRedisRepositoriesAutoConfiguration",
      "org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration",
      "org.springframework.boot.data.redis.autoconfigure.health.DataRedisReactiveHealthContributorAutoConfiguration",
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
