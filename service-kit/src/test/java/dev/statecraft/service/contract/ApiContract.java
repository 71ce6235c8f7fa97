package dev.statecraft.service.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all answers have in common. */
public interface ApiContract extends ServiceUnderTest {
  @Test
  default void whoamiNamesServiceAndNode() throws Exception {
    assertThat(get("/whoami").body()).isEqualTo("{\"service\":\"" + service() + "\",\"node\":\"" + NODE + "\"}");
  }

  @Test
  default void unknownPathIsAProblem() throws Exception {
    ServiceUnderTest.assertProblem(get("/nothing-here"), 404);
  }

  @Test
  default void wrongMethodIsAProblem() throws Exception {
    ServiceUnderTest.assertProblem(send(request("/whoami").DELETE()), 405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/whoami", "/nothing-here", "/actuator/health/readiness"})
  default void eachAnswerNamesItsNode(String path) throws Exception {
    assertThat(get(path).headers().allValues("X-Served-By")).containsExactly(NODE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"readiness", "liveness"})
  default void probesSucceed(String probe) throws Exception {
    assertThat(get("/actuator/health/" + probe).statusCode()).isEqualTo(200);
  }
}
