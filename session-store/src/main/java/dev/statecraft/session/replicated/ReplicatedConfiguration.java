package dev.statecraft.session.replicated;

import dev.statecraft.session.InvalidSettingException;
import dev.statecraft.session.KeyRingConfiguration;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.replicated.consensus.GroupSettings;
import dev.statecraft.session.replicated.consensus.MemberRejectedException;
import dev.statecraft.session.replicated.raft.RaftNode;
import dev.statecraft.signing.KeyRing;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReplicatedProperties.class)
@Import(KeyRingConfiguration.class)
class ReplicatedConfiguration {
  /** Time to hear from a running group, so that a member that the group rejects does not start. */
  private static final Duration ADMISSION_TIMEOUT = Duration.ofSeconds(3);

  @Bean(destroyMethod = "close")
  ReplicatedNode replicatedNode(
      ReplicatedProperties properties, @Value("${statecraft.node:unnamed}") String name,
      SessionStoreContext context,
      ObjectProvider<MeterRegistry> meters) {
    GroupSettings settings = properties.settingsOf(name);
    try {
      Sessions sessions = new Sessions();
      MeterRegistry registry = meters.getIfUnique(SimpleMeterRegistry::new);
      EngineMetrics metrics = new EngineMetrics(registry);
      ReplicatedNode node = new ReplicatedNode(
          new RaftNode(settings, sessions, metrics),
          sessions,
          properties.deadline(),
          context.time(),
          registry,
          metrics);
      node.start();
      awaitAdmission(node);
      return node;
    } catch (MemberRejectedException rejected) {
      throw new InvalidSettingException(
          "statecraft.session.replicated.directory",
          "(" + settings.directory() + ") cannot be used by " + name + ": " + rejected.reason(),
          "the directory that holds this member's log");
    }
  }

  @Bean
  ReplicatedSessionRepository replicatedSessionRepository(
      ReplicatedNode node, KeyRing keys, SessionStoreContext context, ReplicatedProperties properties,
      ObjectProvider<MeterRegistry> meters) {
    ReplicatedSessionRepository repository = new ReplicatedSessionRepository(
        node.node(),
        node.sessions(),
        node.proposer(),
        node.lastAccesses(),
        keys,
        context,
        new ReplicatedSessionRepository.Settings(properties.reads(), properties.deadline()),
        meters.getIfUnique(SimpleMeterRegistry::new));
    node.onExpired(repository::expired);
    return repository;
  }

  @Bean
  MeterBinder replicatedSessions(ReplicatedNode node) {
    return meters -> {
      Gauge
          .builder("statecraft.session.live", node, each -> each.sessions().size())
          .description("Sessions in this node's memory, including expired ones that are not removed yet")
          .register(meters);
      Gauge
          .builder("statecraft.session.replicated.applied", node, each -> each.node().appliedIndex())
          .description("Index of the last log entry that this node has applied")
          .register(meters);
      Gauge
          .builder("statecraft.session.replicated.leads", node, each -> each.node().leads() ? 1 : 0)
          .description("1 if this node leads the group")
          .register(meters);
      Gauge
          .builder("statecraft.session.replicated.term", node, each -> each.node().status().term())
          .description("Current term; each election begins another")
          .register(meters);
      Gauge
          .builder("statecraft.session.replicated.commit", node, each -> each.node().status().commitIndex())
          .description("Index up to which this node knows the log to be committed")
          .register(meters);
      Gauge
          .builder("statecraft.session.replicated.members", node, each -> each.node().status().members().size())
          .description("Voting members of the group")
          .register(meters);
      Gauge
          .builder("statecraft.session.replicated.reachable", node, each -> each.node().status().reachable())
          .description("Voting members that this node is connected to, itself included")
          .register(meters);
      FunctionCounter
          .builder("statecraft.session.replicated.sent.messages", node, each -> each.node().status().sentMessages())
          .description("Messages that this node sent to other nodes, including heartbeats")
          .register(meters);
      FunctionCounter
          .builder("statecraft.session.replicated.sent.bytes", node, each -> each.node().status().sentBytes())
          .description("Bytes of payload that this node sent to other nodes, excluding headers")
          .register(meters);
    };
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.annotation.Endpoint")
  static class EndpointConfiguration {
    @Bean
    @ConditionalOnAvailableEndpoint
    MembershipEndpoint membershipEndpoint(ReplicatedNode node) {
      return new MembershipEndpoint(node.node());
    }
  }

  private static void awaitAdmission(ReplicatedNode node) {
    try {
      // If the timeout expires, the member goes on waiting in the background.
      var _ = node.node().awaitAdmission(ADMISSION_TIMEOUT);
    } catch (MemberRejectedException rejected) {
      node.close();
      throw rejected;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
