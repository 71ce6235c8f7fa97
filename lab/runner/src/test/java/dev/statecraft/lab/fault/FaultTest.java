package dev.statecraft.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FaultTest {

  @Test
  void everyFaultIsFoundByItsName() {
    assertThat(Fault.all()).isNotEmpty()
        .allSatisfy(fault -> assertThat(Fault.named(fault.id())).hasValue(fault));
    assertThat(Fault.onlyByName()).isNotEmpty().doesNotContainAnyElementsOf(Fault.all())
        .allSatisfy(fault -> assertThat(Fault.named(fault.id())).hasValue(fault));
  }

  @Test
  void anUnknownNameIsNoFault() {
    assertThat(Fault.named("earthquake")).isEmpty();
  }
}
