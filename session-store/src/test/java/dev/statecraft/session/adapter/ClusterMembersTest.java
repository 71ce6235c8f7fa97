package dev.statecraft.session.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.statecraft.session.InvalidSettingException;
import dev.statecraft.session.adapter.ClusterMembers.Address;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterMembersTest {
  @Test
  void findsOwnAddressByName() {
    ClusterMembers members = ClusterMembers.parse("p.", List.of("a=10.0.0.1:7000", "b=[::1]:7001"), null, "b");

    assertThat(members.own()).isEqualTo(new Address("[::1]", 7001));
    assertThat(members.named()).isEqualTo(Map.of("a", new Address("10.0.0.1", 7000), "b", members.own()));
  }

  @Test
  void listTakesPrecedenceOverOwnAddress() {
    List<String> list = List.of("a=h:1");

    assertThat(ClusterMembers.parse("p.", list, "other:2", "c").own()).isEqualTo(new Address("other", 2));
    assertThat(ClusterMembers.parse("p.", list, "other:2", "a").own()).isEqualTo(new Address("h", 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "=h:1", "a=h", "a=:1", "a=h:0", "a=h:65536", "a=h:x", "a=h:1,a=h:2"})
  void rejectsMalformedLists(String list) {
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(() -> ClusterMembers.parse("p.", List.of(list.split(",")), null, "a"))
        .withMessageContaining("p.members");
  }

  @Test
  void rejectsNodeWithoutAddress() {
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(() -> ClusterMembers.parse("p.", List.of("a=h:1"), null, "c"))
        .withMessageContaining("does not name this node, c");
  }
}
