package dev.statecraft.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.client.EvictionOrder.Candidate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Which connections give way to new ones. */
class EvictionOrderTest {
  record Connection(int number, String client) {}

  @Property
  void eachIsOfClientThatHoldsMost(@ForAll("candidates") List<Candidate<Connection>> candidates,
      @ForAll @IntRange(min = 1, max = 20) int most) {
    Map<String, Integer> held = held(candidates);
    boolean equal = held.values().stream().allMatch(count -> count == 1);
    List<Connection> chosen = choose(candidates, most);
    assertThat(chosen).hasSizeLessThanOrEqualTo(most);
    assertThat(new HashSet<>(chosen)).hasSameSizeAs(chosen);
    for (Connection each : chosen) {
      int largest = held.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
      assertThat(held.get(each.client())).isEqualTo(largest);
      // A client keeps its only connection unless no client ever had more, or there is no other to close.
      assertThat(largest > 1 || equal || chosen.size() == 1).isTrue();
      held.merge(each.client(), -1, Integer::sum);
    }
  }

  @Property
  void idleConnectionOfClientPrecedesItsExchanges(@ForAll("candidates") List<Candidate<Connection>> candidates) {
    for (Connection each : choose(candidates, 1)) {
      Candidate<Connection> first = candidate(candidates, each);
      List<Candidate<Connection>> own = candidates.stream().filter(of(each.client())).toList();
      assertThat(first.idle() || own.stream().noneMatch(Candidate::idle)).isTrue();
      assertThat(own.stream().filter(other -> other.idle() == first.idle()))
          .allMatch(other -> other.slowness() <= first.slowness());
    }
  }

  @Property
  void onlyExchangesInProgressAreLeftIfNothingIsChosen(@ForAll("candidates") List<Candidate<Connection>> candidates) {
    if (choose(candidates, 1).isEmpty()) {
      assertThat(held(candidates).values()).allMatch(count -> count == 1);
      assertThat(candidates).noneMatch(Candidate::isWaiting);
    }
  }

  @Example
  void connectionsOfOtherEventLoopsCount() {
    List<Candidate<String>> candidates = List.of(new Candidate<>("idle", "honest", true, 1_000),
        new Candidate<>("busy", "hostile", false, 0));
    assertThat(EvictionOrder.choose(candidates, client -> client.equals("hostile") ? 2 : 1, 9)).containsExactly("busy");
    assertThat(EvictionOrder.choose(candidates, client -> 1, 9)).containsExactly("idle");
  }

  @Example
  void connectionsOfProxyCountAsDifferentClients() {
    List<Candidate<String>> candidates = List.of(new Candidate<>("first", null, true, 2),
        new Candidate<>("second", null, true, 3), new Candidate<>("third", "direct", true, 1),
        new Candidate<>("fourth", "direct", true, 1));
    assertThat(EvictionOrder.choose(candidates, client -> 2, 1)).containsAnyOf("third", "fourth");
    assertThat(EvictionOrder.choose(candidates.subList(0, 2), client -> 1, 1)).containsExactly("second");
  }

  @Provide
  Arbitrary<List<Candidate<Connection>>> candidates() {
    return Combinators.combine(Arbitraries.of("a", "b", "c", "d", "e"), Arbitraries.of(true, false),
        Arbitraries.longs().between(0, 4))
        .as((client, idle, slowness) -> new Candidate<>(client, client, idle, slowness))
        .list().ofMinSize(1).ofMaxSize(12).map(EvictionOrderTest::numbered);
  }

  private static List<Candidate<Connection>> numbered(List<Candidate<String>> drawn) {
    List<Candidate<Connection>> numbered = new ArrayList<>();
    for (Candidate<String> each : drawn) {
      numbered.add(new Candidate<>(new Connection(numbered.size(), each.connection()), each.client(), each.idle(),
          each.slowness()));
    }
    return numbered;
  }

  private static List<Connection> choose(List<Candidate<Connection>> candidates, int most) {
    return EvictionOrder.choose(candidates, client -> held(candidates).get(client), most);
  }

  private static Map<String, Integer> held(List<Candidate<Connection>> candidates) {
    Map<String, Integer> held = new HashMap<>();
    candidates.forEach(each -> held.merge(Objects.requireNonNull(each.client()), 1, Integer::sum));
    return held;
  }

  private static Predicate<Candidate<Connection>> of(String client) {
    return candidate -> client.equals(candidate.client());
  }

  private static Candidate<Connection> candidate(List<Candidate<Connection>> candidates, Connection connection) {
    return candidates.stream().filter(each -> each.connection().equals(connection)).findFirst().orElseThrow();
  }
}
