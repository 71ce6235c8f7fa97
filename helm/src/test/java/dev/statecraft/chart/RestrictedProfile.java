package dev.statecraft.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Checks Linux pods against the Pod Security Standard "restricted", which includes "baseline".
 *
 * <p>Source: <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">Kubernetes
 * documentation</a>.
 */
final class RestrictedProfile {
  private static final Set<String> VOLUMES = Set
      .of("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret");
  private static final Set<String> SECCOMP = Set.of("RuntimeDefault", "Localhost");
  private static final Set<String> APPARMOR = Set.of("RuntimeDefault", "Localhost");
  private static final Set<String> SELINUX = Set.of("", "container_t", "container_init_t", "container_kvm_t");
  private static final Set<String> SYSCTLS = Set.of(
      "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
      "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range");

  private final List<String> violations = new ArrayList<>();

  private RestrictedProfile() {}

  /** Returns the violations of a pod's spec; empty if the profile admits it. */
  static List<String> violations(JsonNode spec) {
    RestrictedProfile profile = new RestrictedProfile();
    profile.checkPod(spec);
    Stream.of("initContainers", "containers", "ephemeralContainers").flatMap(kind -> spec.path(kind).valueStream())
        .forEach(container -> profile.checkContainer(spec.path("securityContext"), container));
    return List.copyOf(profile.violations);
  }

  private void checkPod(JsonNode spec) {
    for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
      require(!spec.path(shared).asBoolean(false), shared);
    }
    spec.path("volumes").forEach(
        volume -> volume.propertyNames().stream().filter(name -> !name.equals("name"))
            .forEach(type -> require(VOLUMES.contains(type), "volume of type " + type)));
    JsonNode context = spec.path("securityContext");
    checkContext("pod", context);
    context.path("sysctls").forEach(
        sysctl -> require(SYSCTLS.contains(sysctl.path("name").asString("")), "sysctl " + sysctl.path("name")));
  }

  private void checkContainer(JsonNode podContext, JsonNode container) {
    String name = container.path("name").asString("?");
    JsonNode context = container.path("securityContext");
    checkContext(name, context);
    require(!context.path("privileged").asBoolean(false), name + ": privileged");
    require(!context.path("allowPrivilegeEscalation").asBoolean(true), name + ": allowPrivilegeEscalation");
    require(context.path("runAsNonRoot").asBoolean(podContext.path("runAsNonRoot").asBoolean(false)),
        name + ": runAsNonRoot");
    String seccomp = context.path("seccompProfile").path("type")
        .asString(podContext.path("seccompProfile").path("type").asString(""));
    require(SECCOMP.contains(seccomp), name + ": seccompProfile " + seccomp);
    JsonNode capabilities = context.path("capabilities");
    require(capabilities.path("drop").valueStream().anyMatch(dropped -> dropped.asString("").equals("ALL")),
        name + ": capabilities not dropped");
    capabilities.path("add").forEach(
        added -> require(added.asString("").equals("NET_BIND_SERVICE"), name + ": capability " + added.asString("")));
    container.path("ports").forEach(port -> require(port.path("hostPort").asInt(0) == 0, name + ": hostPort"));
    require(context.path("procMount").asString("Default").equals("Default"), name + ": procMount");
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      require(container.path(probe).path("httpGet").path("host").asString("").isEmpty(), name + ": host of " + probe);
      require(container.path(probe).path("tcpSocket").path("host").asString("").isEmpty(), name + ": host of " + probe);
    }
  }

  private void checkContext(String of, JsonNode context) {
    require(!context.path("runAsUser").isNumber() || context.path("runAsUser").asLong() != 0, of + ": runAsUser 0");
    require(!context.path("runAsNonRoot").isBoolean() || context.path("runAsNonRoot").asBoolean(),
        of + ": runAsNonRoot false");
    JsonNode labels = context.path("seLinuxOptions");
    require(SELINUX.contains(labels.path("type").asString("")), of + ": seLinuxOptions.type");
    require(labels.path("user").asString("").isEmpty() && labels.path("role").asString("").isEmpty(),
        of + ": seLinuxOptions");
    require(APPARMOR.contains(context.path("appArmorProfile").path("type").asString("RuntimeDefault")),
        of + ": appArmorProfile");
    require(!context.path("windowsOptions").path("hostProcess").asBoolean(false), of + ": hostProcess");
  }

  private void require(boolean holds, String violation) {
    if (!holds) {
      violations.add(violation);
    }
  }
}
