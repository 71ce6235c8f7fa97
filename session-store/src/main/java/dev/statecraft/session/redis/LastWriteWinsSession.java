package dev.statecraft.session.redis;

import dev.statecraft.session.ChangeTrackingSession;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;

/**
 * Spring Session's Redis session, with the changes of this request kept apart until they are saved. So the store knows
 * which requests need no write.
 *
 * @param <S> Spring Session's own session class, which is not public
 */
final class LastWriteWinsSession<S extends Session> extends ChangeTrackingSession {
  private final S delegate;
  private final Duration persistInterval;
  private boolean isNew;
  private boolean rejected;

  LastWriteWinsSession(S delegate, boolean isNew, Duration persistInterval, InstantSource time) {
    super(time, delegate.getId(), delegate.getCreationTime(), delegate.getLastAccessedTime(),
        delegate.getMaxInactiveInterval());
    this.delegate = delegate;
    this.isNew = isNew;
    this.persistInterval = persistInterval;
  }

  /** After a rejected save the same request saves nothing more: Redis is probably still unavailable. */
  boolean needsSave() {
    return !rejected && (isNew || changesState() || isAccessDue(persistInterval));
  }

  /** Applies the changes to Spring Session's session and returns it. */
  S delegateWithChanges() {
    attributeChanges().forEach((name, value) -> {
      if (value == null) {
        delegate.removeAttribute(name);
      } else {
        delegate.setAttribute(name, value);
      }
    });
    if (changesTimeout()) {
      delegate.setMaxInactiveInterval(getMaxInactiveInterval());
    }
    delegate.setLastAccessedTime(getLastAccessedTime());
    return delegate;
  }

  void markStored() {
    isNew = false;
    markSaved();
  }

  void markRejected() {
    rejected = true;
    discardChanges();
  }

  /** Only Spring Session's session can tell its repository to rename the key. */
  @Override
  protected String generateId() {
    return delegate.changeSessionId();
  }

  @Override
  protected @Nullable Object storedAttribute(String name) {
    return delegate.getAttribute(name);
  }

  @Override
  protected Set<String> storedAttributeNames() {
    return delegate.getAttributeNames();
  }
}
