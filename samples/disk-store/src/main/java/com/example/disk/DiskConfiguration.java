package com.example.disk;

import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreStatus;
import dev.statecraft.session.adapter.AdaptedSessionRepository;
import dev.statecraft.session.adapter.ProbedStatus;
import dev.statecraft.session.adapter.StoreError;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

@Configuration(proxyBeanMethods = false)
class DiskConfiguration {
  @Bean
  SessionFiles sessionFiles(@Value("${disk.directory}") Path directory) {
    return new SessionFiles(directory);
  }

  @Bean
  SessionRepository<? extends Session> diskSessionRepository(SessionFiles files, SessionStoreContext context) {
    return AdaptedSessionRepository.of(
        new DiskSessionRepository(files, context.timeout()), context, DiskConfiguration::errorOf);
  }

  @Bean
  SessionStoreStatus diskStatus(SessionFiles files) {
    return new ProbedStatus("The disk", () -> Map.of("sessions", files.ids().size()));
  }

  private static StoreError errorOf(RuntimeException e) {
    return switch (e) {
      case SessionFiles.UnreadableException unreadable -> StoreError.UNREADABLE;
      case UncheckedIOException unavailable -> StoreError.UNAVAILABLE;
      default -> StoreError.OTHER;
    };
  }
}
