package dev.statecraft.session.replicated.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.jgroups.Address;
import org.jgroups.util.ExtendedUUID;
import org.junit.jupiter.api.Test;

class LeadershipTest {
  private final Address member = ExtendedUUID.randomUUID("m1");
  private final Leadership leadership = new Leadership(new Forwarding());

  @Test
  void memberLeadsAfterItIsSet() {
    assertThat(leadership.isLedBy(member)).isFalse();
    leadership.set(member);
    assertThat(leadership.isLedBy(member)).isTrue();
    assertThat(leadership.isLedBy(ExtendedUUID.randomUUID("m2"))).isFalse();
  }

  /** A channel has no address before it is connected and after it is closed. */
  @Test
  void memberWithoutAddressDoesNotLead() {
    assertThat(leadership.isLedBy(null)).isFalse();
    leadership.set(member);
    assertThat(leadership.isLedBy(null)).isFalse();
  }
}
