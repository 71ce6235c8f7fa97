package dev.statecraft.session.redis;

import dev.statecraft.session.SessionStoreAutoConfiguration;
import dev.statecraft.session.SessionStoreStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

/** The strategy as Spring Boot configures it for an application, connected to a local port. */
final class RedisNode implements AutoCloseable {
  private final ConfigurableApplicationContext context;

  RedisNode(int port, String... properties) {
    List<String> all = new ArrayList<>(
        List.of("statecraft.session.strategy=redis", "spring.application.name=shop", "spring.data.redis.host=127.0.0.1",
            "spring.data.redis.port=" + port));
    all.addAll(List.of(properties));
    AnnotationConfigWebApplicationContext web = new AnnotationConfigWebApplicationContext();
    TestPropertyValues.of(all).applyTo(web);
    web.setServletContext(new MockServletContext());
    web.register(DataRedisAutoConfiguration.class, SessionStoreAutoConfiguration.class);
    web.refresh();
    context = web;
  }

  RedisSessionRepository sessions() {
    return context.getBean(RedisSessionRepository.class);
  }

  Optional<String> notReadyReason() {
    return context.getBean(SessionStoreStatus.class).notReadyReason();
  }

  Map<String, @Nullable Object> details() {
    return context.getBean(SessionStoreStatus.class).details();
  }

  /** Logs a user in and returns the id of the session. */
  String login(String user) {
    RedisSession session = sessions().createSession();
    session.setAttribute("user", user);
    sessions().save(session);
    return session.getId();
  }

  @Override
  public void close() {
    context.close();
  }
}
