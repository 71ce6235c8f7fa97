package dev.statecraft.peers.infinispan;

import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreStatus;
import dev.statecraft.session.adapter.AdaptedSessionRepository;
import dev.statecraft.session.adapter.ClusterMembers;
import dev.statecraft.session.adapter.ProbedStatus;
import dev.statecraft.session.adapter.StoreError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.infinispan.Cache;
import org.infinispan.commons.CacheException;
import org.infinispan.commons.dataconversion.MediaType;
import org.infinispan.commons.marshall.MarshallingException;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.context.Flag;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.manager.EmbeddedCacheManager;
import org.infinispan.spring.common.provider.SpringCache;
import org.infinispan.spring.common.session.AbstractInfinispanSessionRepository.InfinispanSession;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.FindByIndexNameSessionRepository;

/** Configures an embedded cache and Infinispan's repository with its defaults, except what the properties name. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InfinispanProperties.class)
class InfinispanConfiguration {
  static final String CACHE = "sessions";

  @Bean(destroyMethod = "stop")
  EmbeddedCacheManager sessionCaches(
      InfinispanProperties properties, @Value("${statecraft.node:unnamed}") String node) {
    ClusterMembers members = ClusterMembers.parse(
        InfinispanProperties.PREFIX, properties.members(), properties.address(), node);
    GlobalConfigurationBuilder global = GlobalConfigurationBuilder.defaultClusteredBuilder();
    global
        .cacheManagerName(node)
        .shutdown()
        // Spring stops the caches after the web server has drained.
        .hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
    global.transport().jgroups().addStack(MemberStack.NAME).channelConfigurator(
        MemberStack.of(members, properties.failureTimeout()));
    global
        .transport()
        .stack(MemberStack.NAME)
        .clusterName(properties.clusterName())
        .nodeName(node);
    // Attributes are Java-serialized; the bytes come from members only.
    global.serialization().allowList().addRegexp(".*");
    DefaultCacheManager caches = new DefaultCacheManager(global.build());
    ConfigurationBuilder cache = new ConfigurationBuilder();
    cache.clustering().cacheMode(CacheMode.REPL_SYNC).remoteTimeout(properties.deadline().toMillis(),
        TimeUnit.MILLISECONDS);
    // Bytes, not references: a request must not see another's unsaved changes.
    cache.encoding().mediaType(MediaType.APPLICATION_PROTOSTREAM);
    caches.defineConfiguration(CACHE, cache.build());
    return caches;
  }

  @Bean
  FindByIndexNameSessionRepository<InfinispanSession> infinispanSessionRepository(
      EmbeddedCacheManager sessionCaches, InfinispanProperties properties, SessionStoreContext shared,
      ApplicationEventPublisher events) {
    TolerantSessionRepository repository = new TolerantSessionRepository(
        new SpringCache(sessionCaches.getCache(CACHE)), events);
    repository.setDefaultMaxInactiveInterval(shared.timeout());
    return AdaptedSessionRepository.indexed(repository, shared, InfinispanConfiguration::errorOf);
  }

  @Bean
  SessionStoreStatus infinispanStatus(EmbeddedCacheManager sessionCaches) {
    Cache<Object, Object> cache = sessionCaches.getCache(CACHE);
    return new ProbedStatus("The Infinispan cache", () -> {
      Map<String, @Nullable Object> details = new LinkedHashMap<>();
      details.put("sessions", cache.getAdvancedCache().withFlags(Flag.CACHE_MODE_LOCAL).size());
      details.put("members", sessionCaches.getMembers().size());
      return details;
    });
  }

  private static StoreError errorOf(RuntimeException e) {
    return switch (e) {
      case MarshallingException unreadable -> StoreError.UNREADABLE;
      case CacheException unavailable -> StoreError.UNAVAILABLE;
      default -> StoreError.OTHER;
    };
  }
}
