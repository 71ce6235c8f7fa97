package dev.statecraft.chart;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Kubernetes objects of one rendered chart. */
record Rendered(List<JsonNode> objects) {

  /**
   * The pod template of a workload, or a pod.
   *
   * @param kind of the workload or {@code Pod}
   * @param owner name of the workload or pod
   */
  record PodTemplate(String kind, String owner, JsonNode metadata, JsonNode spec) {
    Map<String, String> labels() {
      return texts(metadata.path("labels"));
    }

    Stream<JsonNode> containers() {
      return Stream.concat(spec.path("initContainers").valueStream(), spec.path("containers").valueStream());
    }

    JsonNode container() {
      return spec.path("containers").path(0);
    }

    boolean isSelectedBy(JsonNode selector) {
      Map<String, String> labels = new HashMap<>(labels());
      // The controller labels each pod with its name.
      labels.put("statefulset.kubernetes.io/pod-name", owner + "-0");
      return !selector.isEmpty() && labels.entrySet().containsAll(texts(selector).entrySet());
    }

    @Override
    public String toString() {
      return kind + "/" + owner;
    }
  }

  /**
   * Parses rendered text as strictly as Kubernetes' tools do: a duplicate key is an error, and words such as {@code on}
   * without quotes are no text (YAML 1.1).
   */
  static Rendered of(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    List<JsonNode> objects = new ArrayList<>();
    for (Object document : new Yaml(new SafeConstructor(options)).loadAll(text)) {
      if (document != null) {
        objects.add(JsonMapper.shared().valueToTree(document));
      }
    }
    return new Rendered(List.copyOf(objects));
  }

  Stream<JsonNode> ofKind(String kind) {
    return objects.stream().filter(object -> object.path("kind").stringValue("").equals(kind));
  }

  JsonNode object(String kind, String name) {
    List<JsonNode> found = ofKind(kind).filter(object -> nameOf(object).equals(name)).toList();
    if (found.size() != 1) {
      throw new AssertionError("expected one " + kind + "/" + name + ", found " + found.size());
    }
    return found.getFirst();
  }

  /** All pod templates, including the pod of {@code helm test}. */
  List<PodTemplate> pods() {
    return objects.stream().map(Rendered::podTemplateOf).filter(Objects::nonNull).toList();
  }

  PodTemplate pods(String owner) {
    return pods().stream().filter(pods -> pods.owner().equals(owner)).findFirst().orElseThrow();
  }

  /** The {@code application.yaml} that the chart writes for a tier. */
  JsonNode configuration(String name) {
    return Chart.parseYaml(object("ConfigMap", name).path("data").path("application.yaml").stringValue());
  }

  static String nameOf(JsonNode object) {
    return object.path("metadata").path("name").stringValue("");
  }

  static Map<String, String> texts(JsonNode map) {
    return map.properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().stringValue("")));
  }

  private static @Nullable PodTemplate podTemplateOf(JsonNode object) {
    String kind = object.path("kind").stringValue("");
    return switch (kind) {
      case "Pod" -> new PodTemplate(kind, nameOf(object), object.path("metadata"), object.path("spec"));
      case "Deployment", "StatefulSet", "Job", "DaemonSet" -> {
        JsonNode template = object.path("spec").path("template");
        yield new PodTemplate(kind, nameOf(object), template.path("metadata"), template.path("spec"));
      }
      default -> null;
    };
  }
}
