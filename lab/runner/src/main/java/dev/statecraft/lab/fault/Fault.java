package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the lab does to a cluster under load. A closed set: {@link FaultInjector} says how each begins and how it ends.
 */
public sealed interface Fault {
  /** Longer than the two seconds of silence after which {@code replicated} takes a member for dead. */
  Duration LONG_PAUSE = Duration.ofMillis(3_500);
  /** Shorter than what any failure detector of the cluster waits for. */
  Duration SHORT_PAUSE = Duration.ofMillis(400);

  /** Longer than failure detectors wait, and the operation after that which still waited for an answer. */
  Duration LONG_PARTITION = Duration.ofSeconds(6);

  /** How far a clock goes wrong that no session may notice: the shortest usual time-outs are longer. */
  Duration MINUTES = Duration.ofMinutes(5);
  /** Longer than a session may idle, by default. */
  Duration PAST_TIMEOUT = Duration.ofHours(1);

  /** The name that {@code --faults} takes and the history records. */
  String id();

  /** How long its cause stays, where nothing about the fault says otherwise. */
  default Duration lasting(Duration usual) {
    return usual;
  }

  /** Why it cannot be done to such a cluster, in words; empty where it can. */
  default Optional<String> whyNot(SessionStrategy strategy) {
    return Optional.empty();
  }

  /**
   * A node's process is killed with SIGKILL and started again a few seconds later, on the same port and disk. On
   * Kubernetes its pod is deleted with no time to end, and another is made in its place.
   */
  record Kill() implements Fault {
    @Override
    public String id() {
      return "kill";
    }
  }

  /** A node is asked to end (SIGTERM), may finish what it has under way, and is started again. */
  record Term() implements Fault {
    @Override
    public String id() {
      return "term";
    }
  }

  /** A node stands still (SIGSTOP) for longer than the failure detectors wait, and then goes on where it was. */
  record Pause() implements Fault {
    @Override
    public String id() {
      return "pause";
    }

    @Override
    public Duration lasting(Duration usual) {
      return LONG_PAUSE;
    }
  }

  /** A node stands still for less than the failure detectors wait. */
  record ShortPause() implements Fault {
    @Override
    public String id() {
      return "pause-short";
    }

    @Override
    public Duration lasting(Duration usual) {
      return SHORT_PAUSE;
    }
  }

  /** A node gets a fifth of its time: it answers, but late. */
  record Slow() implements Fault {
    @Override
    public String id() {
      return "slow";
    }
  }

  /**
   * Every node in turn is asked to end and started again, the next once the last can serve: a rolling upgrade. On
   * Kubernetes it is a rollout of the nodes and the gateways at once.
   */
  record Rolling() implements Fault {
    @Override
    public String id() {
      return "rolling";
    }
  }

  /** All stateful nodes are killed at once, and started again together. */
  record KillAll() implements Fault {
    @Override
    public String id() {
      return "kill-all";
    }
  }

  /**
   * A node is killed, its disk is taken away, and it is started again on an empty one: what a node without a volume
   * meets on Kubernetes. It counts as over once the node can serve.
   */
  record Wipe() implements Fault {
    @Override
    public String id() {
      return "wipe";
    }

    @Override
    public Optional<String> whyNot(SessionStrategy strategy) {
      return keepsDisks(strategy);
    }
  }

  /**
   * All stateful nodes are killed at once, and none keeps its disk: then all is lost, and the run shows whether that is
   * said. Done where it is asked for by name only, because it hides what other faults would lose.
   */
  record WipeAll() implements Fault {
    @Override
    public String id() {
      return "wipe-all";
    }

    @Override
    public Optional<String> whyNot(SessionStrategy strategy) {
      return keepsDisks(strategy);
    }
  }

  /** The gateway is killed and started again; while it is gone nothing answers. */
  record GatewayKill() implements Fault {
    @Override
    public String id() {
      return "gateway-kill";
    }
  }

  /** The Redis server is killed and started again, empty. */
  record RedisKill() implements Fault {
    @Override
    public String id() {
      return "redis-kill";
    }

    @Override
    public Optional<String> whyNot(SessionStrategy strategy) {
      return strategy == SessionStrategy.REDIS
          ? Optional.empty()
          : Optional.of("there is no Redis behind " + strategy.id());
    }
  }

  /**
   * Redis runs as a primary with two replicas under three sentinels. The replicas fall behind, as over a slow link,
   * then the primary is killed, and a replica takes its place: what was acknowledged and not replicated is lost. It is
   * over when there is another primary; the former one is started again, empty, as a replica. On Kubernetes the
   * replicas do not fall behind, and the primary's pod is deleted, again when another comes in its place too soon.
   */
  record RedisFailover() implements Fault {
    /** How far the replicas are behind. */
    static final Duration BEHIND = Duration.ofMillis(500);

    @Override
    public String id() {
      return "redis-failover";
    }

    @Override
    public Optional<String> whyNot(SessionStrategy strategy) {
      return new RedisKill().whyNot(strategy);
    }
  }

  /** A further node joins, stays for a while, and is taken out again in good order. */
  record ScaleOut() implements Fault {
    @Override
    public String id() {
      return "scale-out";
    }

    /** Long enough to be found and to get a share of the requests. */
    @Override
    public Duration lasting(Duration usual) {
      return usual.multipliedBy(3);
    }
  }

  /** A node is taken out in good order, stays away for a while, and joins again. */
  record ScaleIn() implements Fault {
    @Override
    public String id() {
      return "scale-in";
    }
  }

  /**
   * Nodes are cut off from all other nodes and from Redis, for longer than failure detectors wait and an operation may
   * take. What is sent vanishes; no connection breaks. The gateway reaches every node, so clients meet both sides.
   */
  record Partition(Cut cut) implements Fault {
    /** What is cut. */
    public enum Cut {
      /** One node, the one that hurts most, hears nobody and is heard by nobody. */
      ONE_NODE("partition", true, true),
      /** So are as many nodes as are less than half, among them the one that hurts most. They hear each other. */
      MINORITY("partition-majority", true, true),
      /** One node hears the others and is not heard. */
      ONE_WAY("partition-one-way", false, true),
      /** One node is heard and hears nothing. */
      DEAF("partition-deaf", true, false);

      private final String id;
      private final boolean deaf;
      private final boolean mute;

      Cut(String id, boolean deaf, boolean mute) {
        this.id = id;
        this.deaf = deaf;
        this.mute = mute;
      }

      boolean isDeaf() {
        return deaf;
      }

      boolean isMute() {
        return mute;
      }
    }

    @Override
    public String id() {
      return cut.id;
    }

    @Override
    public Duration lasting(Duration usual) {
      return LONG_PARTITION;
    }

    @Override
    public Optional<String> whyNot(SessionStrategy strategy) {
      return strategy == SessionStrategy.COOKIE
          ? Optional.of("the nodes of cookie speak to nobody that they could be cut off from")
          : Optional.empty();
    }
  }

  /**
   * A node's wall clock jumps ahead, then as far behind, then it is right again. Its monotonic clock, and whatever
   * waits by it, go on as ever. The node that hurts most: where sessions have a leader it is the one that says which
   * have expired.
   */
  record Clock(Jump jump) implements Fault {
    /** How far. */
    public enum Jump {
      /** By less than a session may idle. */
      MINUTES("clock", Fault.MINUTES),
      /** By more, so that sessions expire too early; where it is asked for by name only, for it hides other losses. */
      PAST_TIMEOUT("clock-far", Fault.PAST_TIMEOUT);

      private final String id;
      private final Duration by;

      Jump(String id, Duration by) {
        this.id = id;
        this.by = by;
      }

      public Duration by() {
        return by;
      }
    }

    @Override
    public String id() {
      return jump.id;
    }

    /** Time ahead and time behind. */
    @Override
    public Duration lasting(Duration usual) {
      return usual.multipliedBy(2);
    }
  }

  private static Optional<String> keepsDisks(SessionStrategy strategy) {
    return strategy == SessionStrategy.REPLICATED
        ? Optional.empty()
        : Optional.of("the nodes of " + strategy.id() + " keep nothing on a disk: to them it is a kill");
  }

  /** Every fault there is, but for {@link #onlyByName}. */
  static List<Fault> all() {
    return List.of(
        new Kill(), new Term(), new Pause(), new ShortPause(), new Slow(), new Rolling(), new KillAll(),
        new Wipe(), new GatewayKill(), new RedisKill(), new RedisFailover(), new Partition(Partition.Cut.ONE_NODE),
        new Partition(Partition.Cut.MINORITY), new Partition(Partition.Cut.ONE_WAY), new Partition(Partition.Cut.DEAF),
        new ScaleOut(), new ScaleIn(), new Clock(Clock.Jump.MINUTES));
  }

  /** Faults that are neither drawn nor part of all. */
  static List<Fault> onlyByName() {
    return List.of(new WipeAll(), new Clock(Clock.Jump.PAST_TIMEOUT));
  }

  /** The fault of that name, if there is one. */
  static Optional<Fault> named(String id) {
    return Stream.concat(all().stream(), onlyByName().stream()).filter(fault -> fault.id().equals(id)).findFirst();
  }
}
