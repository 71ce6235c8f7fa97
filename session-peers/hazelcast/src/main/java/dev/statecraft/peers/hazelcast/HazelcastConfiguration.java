package dev.statecraft.peers.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.spring.session.HazelcastIndexedSessionRepository;
import com.hazelcast.spring.session.HazelcastIndexedSessionRepository.HazelcastSession;
import com.hazelcast.spring.session.HazelcastSessionConfiguration;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreStatus;
import dev.statecraft.session.adapter.AdaptedSessionRepository;
import dev.statecraft.session.adapter.ClusterMembers;
import dev.statecraft.session.adapter.ClusterMembers.Address;
import dev.statecraft.session.adapter.ProbedStatus;
import dev.statecraft.session.adapter.StoreError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.FindByIndexNameSessionRepository;

/** Configures an embedded member and Hazelcast's repository with its defaults, except what the properties name. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HazelcastProperties.class)
class HazelcastConfiguration {
  @Bean(destroyMethod = "shutdown")
  HazelcastInstance sessionHazelcast(
      HazelcastProperties properties, @Value("${statecraft.node:unnamed}") String node) {
    ClusterMembers members = ClusterMembers.parse(
        HazelcastProperties.PREFIX, properties.members(), properties.address(), node);
    Config config = new Config()
        .setClusterName(properties.clusterName())
        .setInstanceName(properties.clusterName() + "/" + node)
        .setProperty("hazelcast.logging.type", "slf4j")
        .setProperty("hazelcast.phone.home.enabled", "false")
        // Spring closes the member after the web server has drained.
        .setProperty("hazelcast.shutdownhook.enabled", "false")
        .setProperty("hazelcast.heartbeat.interval.seconds", "1")
        .setProperty("hazelcast.max.no.heartbeat.seconds", Long.toString(properties.failureTimeout().toSeconds()))
        .setProperty("hazelcast.operation.call.timeout.millis", Long.toString(properties.deadline().toMillis()));
    NetworkConfig network = config
        .getNetworkConfig()
        .setPort(members.own().port())
        .setPortAutoIncrement(false)
        .setPublicAddress(members.own().toString());
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true);
    members.named().values().stream().map(Address::toString).forEach(join.getTcpIpConfig()::addMember);
    return Hazelcast.newHazelcastInstance(HazelcastSessionConfiguration.applySerializationConfig(config));
  }

  @Bean
  FindByIndexNameSessionRepository<HazelcastSession> hazelcastSessionRepository(
      HazelcastInstance sessionHazelcast, HazelcastProperties properties, SessionStoreContext shared,
      ApplicationEventPublisher events) {
    int backups = properties.backups();
    HazelcastIndexedSessionRepository repository = new HazelcastIndexedSessionRepository(sessionHazelcast)
        .setApplicationEventPublisher(events)
        .setDefaultMaxInactiveInterval(shared.timeout())
        .setSessionMapConfigCustomizer(map -> Objects.requireNonNull(map).setBackupCount(backups));
    return AdaptedSessionRepository.indexed(repository, shared, HazelcastConfiguration::errorOf);
  }

  @Bean
  SessionStoreStatus hazelcastStatus(HazelcastInstance sessionHazelcast) {
    return new ProbedStatus("The Hazelcast cluster", () -> {
      Map<String, @Nullable Object> details = new LinkedHashMap<>();
      details.put(
          "sessions",
          sessionHazelcast.getMap(HazelcastIndexedSessionRepository.DEFAULT_SESSION_MAP_NAME).size());
      details.put("members", sessionHazelcast.getCluster().getMembers().size());
      return details;
    });
  }

  private static StoreError errorOf(RuntimeException e) {
    return switch (e) {
      case HazelcastSerializationException unreadable -> StoreError.UNREADABLE;
      case HazelcastException unavailable -> StoreError.UNAVAILABLE;
      case HazelcastInstanceNotActiveException unavailable -> StoreError.UNAVAILABLE;
      default -> StoreError.OTHER;
    };
  }
}
