package dev.statecraft.session.replicated.raft;

import dev.statecraft.session.replicated.consensus.GroupSettings;
import dev.statecraft.session.replicated.consensus.GroupSettings.StartMode;
import dev.statecraft.session.replicated.consensus.MemberRejectedException;
import dev.statecraft.session.replicated.raft.membership.Configuration;
import dev.statecraft.session.replicated.raft.membership.Founding;
import dev.statecraft.session.replicated.raft.membership.Identity;
import dev.statecraft.session.replicated.raft.membership.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads this member into a group by the rules of {@link Founding}, with the announcements of the other nodes. Ends when
 * the member belongs to a founded group, or is rejected. Thread-safe.
 */
final class Admission {
  private static final Logger log = LoggerFactory.getLogger(Admission.class);

  private final GroupSettings settings;
  private final MemberDisk disk;
  private final Runnable onRejected;
  private final Map<String, Founding.News> announced = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> result = new CompletableFuture<>();
  private volatile @Nullable String waitReason;
  private volatile @Nullable String rejection;

  Admission(GroupSettings settings, MemberDisk disk, Runnable onRejected) {
    this.settings = settings;
    this.disk = disk;
    this.onRejected = onRejected;
  }

  /** Whether the member belongs to a founded group or was rejected. */
  boolean isDone() {
    return result.isDone();
  }

  void complete() {
    result.complete(null);
  }

  /** Waits for the end; returns false if the timeout expires before. */
  boolean await(Duration timeout) throws InterruptedException {
    try {
      result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof MemberRejectedException rejected ? rejected : new IllegalStateException(e);
    }
  }

  void announced(Identity other, Configuration configuration) {
    announced.put(other.name(), new Founding.News(other, configuration.names()));
  }

  /** Identities that the other nodes have announced. */
  List<Identity> others() {
    return announced.values().stream().map(Founding.News::identity).toList();
  }

  /**
   * Takes all steps that are possible now. A new identity is on disk before this returns.
   *
   * @return whether the identity has changed and must be announced
   */
  synchronized boolean advance(Connection now) {
    boolean changed = false;
    while (!isDone()) {
      waitReason = null;
      switch (Founding.step(
          disk.identity(), settings.members().keySet(), Map.copyOf(announced), settings.startMode())) {
        case Founding.Step.Refused(String reason) -> reject(reason);
        case Founding.Step.Waits(String reason) -> {
          waitReason = reason;
          return changed;
        }
        case Founding.Step.Next(Identity next) -> {
          if (next.equals(disk.identity())) {
            return changed;
          }
          disk.store(next);
          changed = true;
          if (next.founded()) {
            now.raft().activate(Configuration.of(next.roster()));
            logAdmission(next);
            now.election().activated();
            complete();
          }
        }
      }
    }
    return changed;
  }

  void reject(String reason) {
    rejection = reason;
    log.error("Member {} stopped: {}. Fix the cause and restart its process", settings.name(), reason);
    result.completeExceptionally(new MemberRejectedException(reason));
    onRejected.run();
  }

  Optional<String> rejection() {
    return Optional.ofNullable(rejection);
  }

  /** Why the member does not belong to a group yet. */
  String waitReason() {
    String reason = waitReason;
    if (settings.startMode() == StartMode.JOINS) {
      return reason != null ? reason : "waiting to join a founded group";
    }
    return reason != null
        ? Standing.unfounded(reason)
        : Standing.unfounded(settings.members().keySet(), announced.keySet());
  }

  private void logAdmission(Identity identity) {
    if (identity.incarnation().equals(identity.roster().get(identity.name()))) {
      log.warn(
          "Member {} founded a new, empty group with {}. If these nodes had a group before, its data is lost",
          identity.name(), identity.roster().keySet());
    } else {
      log.warn(
          "Member {} joins a founded group with an empty disk and waits until the leader adds it as a new member",
          identity.name());
    }
  }
}
