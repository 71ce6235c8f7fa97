package dev.statecraft.lab.environment.kubernetes;

import dev.statecraft.lab.strategy.SessionStrategies;
import dev.statecraft.lab.strategy.SessionStrategy;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The workloads of an installed release, which are found by their labels.
 *
 * @param name the name of the release
 * @param strategies the StatefulSet of each strategy
 * @param gateway the Deployment of the gateways
 * @param redis the StatefulSet of its own Redis, if it has one
 */
public record ReleaseShape(String name, Map<SessionStrategy, Workload> strategies, Workload gateway,
    Optional<Workload> redis) {
  static final String PART_OF = "app.kubernetes.io/part-of";
  static final String STATECRAFT = "statecraft";
  static final String INSTANCE = "app.kubernetes.io/instance";
  static final String COMPONENT = "app.kubernetes.io/component";
  private static final String STRATEGY = "statecraft.dev/strategy";

  public ReleaseShape {
    Map<SessionStrategy, Workload> ordered = new TreeMap<>(
        Comparator.comparingInt(SessionStrategies.all()::indexOf));
    ordered.putAll(strategies);
    strategies = Collections.unmodifiableMap(ordered);
  }

  /** A workload with its desired replica count. */
  public record Workload(Kind kind, String name, String component, int replicas) {}

  /** The kind of a workload. */
  public enum Kind {
    /** Pods keep their names. */
    STATEFUL_SET,
    /** New pods get new names. */
    DEPLOYMENT
  }

  /**
   * Finds a release among the workloads of a namespace.
   *
   * @param selected the name of the release; null if there is only one
   * @throws NoSuchRelease if there is no such release, or if several match
   */
  static ReleaseShape of(String namespace, @Nullable String selected, List<StatefulSet> statefulSets,
      List<Deployment> deployments) throws NoSuchRelease {
    Set<String> releases = Stream.of(statefulSets, deployments).flatMap(Collection::stream)
        .filter(object -> STATECRAFT.equals(label(object, PART_OF))).map(object -> label(object, INSTANCE))
        .filter(Objects::nonNull).collect(Collectors.toCollection(TreeSet::new));
    if (releases.isEmpty()) {
      throw new NoSuchRelease("no Statecraft release found in the namespace " + namespace);
    }
    if (selected != null && !releases.contains(selected)) {
      throw new NoSuchRelease("no release '" + selected + "' found in the namespace " + namespace + "; known: "
          + String.join(", ", releases));
    }
    if (selected == null && releases.size() > 1) {
      throw new NoSuchRelease("the namespace " + namespace + " has several releases: set --release to one of "
          + String.join(", ", releases));
    }
    String name = selected == null ? releases.iterator().next() : selected;
    return of(name, statefulSets.stream().filter(set -> name.equals(label(set, INSTANCE))).toList(),
        deployments.stream().filter(deployment -> name.equals(label(deployment, INSTANCE))).toList());
  }

  private static ReleaseShape of(String name, List<StatefulSet> statefulSets, List<Deployment> deployments)
      throws NoSuchRelease {
    Map<SessionStrategy, Workload> strategies = new LinkedHashMap<>();
    for (StatefulSet set : statefulSets) {
      SessionStrategies.named(String.valueOf(label(set, STRATEGY)))
          .ifPresent(found -> strategies.put(found, workload(Kind.STATEFUL_SET, set, set.getSpec().getReplicas())));
    }
    Workload gateway = deployments.stream().filter(deployment -> "gateway".equals(label(deployment, COMPONENT)))
        .findFirst().map(found -> workload(Kind.DEPLOYMENT, found, found.getSpec().getReplicas()))
        .orElseThrow(() -> new NoSuchRelease("the release " + name + " has no gateway"));
    Optional<Workload> redis = statefulSets.stream().filter(set -> "redis".equals(label(set, COMPONENT))).findFirst()
        .map(set -> workload(Kind.STATEFUL_SET, set, set.getSpec().getReplicas()));
    return new ReleaseShape(name, strategies, gateway, redis);
  }

  /** The workload of a strategy's nodes. */
  public Workload workload(SessionStrategy strategy) {
    Workload workload = strategies.get(strategy);
    if (workload == null) {
      throw new IllegalArgumentException("the release " + name + " does not run " + strategy.id());
    }
    return workload;
  }

  private static Workload workload(Kind kind, HasMetadata object, @Nullable Integer replicas) {
    return new Workload(kind, object.getMetadata().getName(), String.valueOf(label(object, COMPONENT)),
        Objects.requireNonNullElse(replicas, 1));
  }

  private static @Nullable String label(HasMetadata object, String key) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null ? null : labels.get(key);
  }
}
