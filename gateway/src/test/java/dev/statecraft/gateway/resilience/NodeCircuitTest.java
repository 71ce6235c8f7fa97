package dev.statecraft.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NodeCircuitTest {
  private final IOException reason = new IOException("injected");

  @Test
  void opensWhenMostAttemptsFail() {
    NodeCircuit circuit = circuit(Duration.ofHours(1));
    for (int i = 0; i < 200; i++) {
      assertThat(circuit.tryAcquire()).isTrue();
      if (i % 5 == 0) {
        circuit.failed(1, reason);
      } else {
        circuit.answered(1);
      }
    }
    for (int i = 0; i < 100 && circuit.tryAcquire(); i++) {
      circuit.failed(1, reason);
    }
    assertThat(circuit.isOpen()).isTrue();
    assertThat(circuit.tryAcquire()).isFalse();
  }

  @Test
  void attemptsThatSayNothingDoNotOpenIt() {
    NodeCircuit circuit = circuit(Duration.ofHours(1));
    for (int i = 0; i < 1_000; i++) {
      assertThat(circuit.tryAcquire()).isTrue();
      circuit.released();
    }
    assertThat(circuit.isOpen()).isFalse();
  }

  @Test
  void closesWhenNodeAnswers() {
    NodeCircuit circuit = open(circuit(Duration.ofMillis(1)));
    await().until(() -> {
      if (circuit.tryAcquire()) {
        circuit.answered(1);
      }
      return !circuit.isOpen();
    });
  }

  @Test
  void releasedPlaceOfHalfOpenCircuitIsFree() {
    NodeCircuit circuit = open(circuit(Duration.ofMillis(1)));
    await().until(circuit::tryAcquire);
    circuit.released();
    for (int i = 0; i < 100; i++) {
      assertThat(circuit.tryAcquire()).isTrue();
      circuit.released();
    }
  }

  private NodeCircuit open(NodeCircuit circuit) {
    for (int i = 0; i < 20; i++) {
      circuit.tryAcquire();
      circuit.failed(1, reason);
    }
    assertThat(circuit.isOpen()).isTrue();
    return circuit;
  }

  private static NodeCircuit circuit(Duration openFor) {
    return new NodeCircuit("shop-1", new NodeCircuit.Limits(50, 20, openFor));
  }
}
