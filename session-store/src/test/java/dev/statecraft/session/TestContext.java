package dev.statecraft.session;

import dev.statecraft.session.AttributeReader.UnreadablePolicy;
import dev.statecraft.session.attribute.AttributeCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.ApplicationEventPublisher;

/** Makes the context that a repository is given. */
public final class TestContext {
  public static final String NAMESPACE = "shop";
  public static final ApplicationEventPublisher NO_LISTENERS = event -> {};

  private TestContext() {}

  public static SessionStoreContext of(Duration timeout, AttributeCodec codec, InstantSource time) {
    return of(timeout, codec, time, UnreadablePolicy.END_SESSION, NO_LISTENERS);
  }

  public static SessionStoreContext of(Duration timeout, AttributeCodec codec, InstantSource time,
      UnreadablePolicy policy, ApplicationEventPublisher listeners) {
    return new SessionStoreContext(timeout, NAMESPACE, time,
        new AttributeReader(codec, policy, new SimpleMeterRegistry()),
        new SessionEvents(listeners, new SimpleMeterRegistry()));
  }
}
