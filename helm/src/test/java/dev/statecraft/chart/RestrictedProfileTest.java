package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class RestrictedProfileTest {
  private static final String ADMITTED = """
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      volumes:
        - {name: tmp, emptyDir: {}}
      containers:
        - name: it
          ports: [{containerPort: 8080}]
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      """;

  @Test
  void admitsRestrictedPod() {
    assertThat(RestrictedProfile.violations(Chart.parseYaml(ADMITTED))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      runAsNonRoot: true              | runAsNonRoot: false                               | runAsNonRoot
      runAsNonRoot: true              | runAsUser: 0                                      | runAsUser 0
      type: RuntimeDefault            | type: Unconfined                                  | seccompProfile
      seccompProfile                  | ignored                                           | seccompProfile
      emptyDir: {}                    | hostPath: {path: /}                               | hostPath
      drop: [ALL]                     | drop: [NET_RAW]                                   | capabilities
      drop: [ALL]                     | drop: [ALL], add: [SYS_ADMIN]                     | SYS_ADMIN
      allowPrivilegeEscalation: false | ignored: false                                    | allowPrivilegeEscalation
      allowPrivilegeEscalation: false | allowPrivilegeEscalation: false, privileged: true | privileged
      allowPrivilegeEscalation: false | allowPrivilegeEscalation: false, runAsUser: 0     | runAsUser 0
      containerPort: 8080             | containerPort: 8080, hostPort: 80                 | hostPort
      """)
  void findsViolation(String admitted, String violating, String named) {
    JsonNode spec = Chart.parseYaml(ADMITTED.replace(admitted, violating));

    assertThat(RestrictedProfile.violations(spec)).anySatisfy(violation -> assertThat(violation).contains(named));
  }

  @ParameterizedTest
  @CsvSource({"hostNetwork", "hostPID", "hostIPC"})
  void findsSharedNamespace(String shared) {
    assertThat(RestrictedProfile.violations(Chart.parseYaml(ADMITTED + shared + ": true"))).containsExactly(shared);
  }
}
