package dev.statecraft.session.replicated;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.InvalidSettingException;
import dev.statecraft.session.KeyRingConfiguration;
import dev.statecraft.session.SessionProperties;
import dev.statecraft.signing.KeyRing;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
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
  /** Long enough to hear from a group that runs, so that a member that may not take part in it does not even start. */
  private static final Duration REFUSAL_MAY_TAKE = Duration.ofSeconds(3);

  @Bean(destroyMethod = "close")
  ReplicatedNode replicatedNode(
      ReplicatedProperties properties, @Value("${statecraft.node:unnamed}") String name, InstantSource time,
      ObjectProvider<MeterRegistry> meters) {
    GroupSettings settings = properties.settingsOf(name);
    try {
      ReplicatedNode node = new ReplicatedNode(
          settings,
          properties.deadline(),
          time,
          meters.getIfUnique(SimpleMeterRegistry::new));
      node.start();
      awaitRefusal(node);
      return node;
    } catch (RefusedException refused) {
      throw new InvalidSettingException(
          "statecraft.session.replicated.directory",
          "(" + settings.directory() + ") cannot be used by " + name + ": " + refused.reason(),
          "the directory in which this member has kept its log");
    }
  }

  @Bean
  ReplicatedSessionRepository replicatedSessionRepository(
      ReplicatedNode node, KeyRing keys, AttributeCodec codec, InstantSource time, SessionProperties shared,
      ReplicatedProperties properties, ObjectProvider<MeterRegistry> meters) {
    return new ReplicatedSessionRepository(
        node.node(),
        node.proposals(),
        node.touches(),
        keys,
        codec,
        time,
        new ReplicatedSessionRepository.Settings(properties.reads(), shared.timeout(), properties.deadline()),
        meters.getIfUnique(SimpleMeterRegistry::new));
  }

  @Bean
  MeterBinder replicatedSessions(ReplicatedNode node) {
    return meters -> {
      Gauge
          .builder("statecraft.session.live", node, each -> each.node().sessions().size())
          .description("Sessions in this node's memory, expired ones not yet reclaimed included")
          .register(meters);
      Gauge
          .builder("statecraft.session.replicated.applied", node, each -> each.node().applied().value())
          .description("Index of the log up to which this node has applied")
          .register(meters);
      Gauge
          .builder("statecraft.session.replicated.leads", node, each -> each.node().leads() ? 1 : 0)
          .description("1 where this node leads the group")
          .register(meters);
      FunctionCounter
          .builder("statecraft.session.replicated.sent.messages", node, each -> each.node().sent().messages())
          .description("Messages that this node sent to the others, heartbeats included")
          .register(meters);
      FunctionCounter
          .builder("statecraft.session.replicated.sent.bytes", node, each -> each.node().sent().bytes())
          .description("Bytes of payload that this node sent to the others, headers left out")
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

  private static void awaitRefusal(ReplicatedNode node) {
    try {
      // A member that waits for the others to found the group goes on waiting in the background.
      var _ = node.node().awaitAdmission(REFUSAL_MAY_TAKE);
    } catch (RefusedException refused) {
      node.close();
      throw refused;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
