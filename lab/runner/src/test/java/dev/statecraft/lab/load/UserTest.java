package dev.statecraft.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.load.User.Step;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UserTest {
  private static final Step OWN = new Step(Call.SHOW, "u1-1", null);
  private static final Step OBSERVED = new Step(Call.READ, "u1-1", null, true, null);
  private static final Outcome OK = new Outcome.Ok(200, null);

  @Test
  void sameSeedMakesSameChoices() {
    assertThat(steps(user(7, 3), 500)).isEqualTo(steps(user(7, 3), 500));
    assertThat(steps(user(7, 3), 500)).isNotEqualTo(steps(user(8, 3), 500));
    assertThat(calls(steps(user(7, 3), 500))).isNotEqualTo(calls(steps(user(7, 4), 500)));
  }

  @Test
  void logsInFirst() {
    assertThat(user(1, 2).next()).isEqualTo(new Step(Call.LOGIN, "u2-1", null));
  }

  @Test
  void followsOperationMix() {
    Map<Call, Integer> counts = new EnumMap<>(Call.class);
    steps(user(1, 1), 20_000).forEach(step -> counts.merge(step.call(), 1, Integer::sum));

    double mixed = counts.getOrDefault(Call.READ, 0) + counts.getOrDefault(Call.ADD, 0)
        + counts.getOrDefault(Call.SHOW, 0) + counts.getOrDefault(Call.ROTATE, 0);
    assertThat(counts.getOrDefault(Call.READ, 0) / mixed).isBetween(0.47, 0.53);
    assertThat(counts.getOrDefault(Call.ADD, 0) / mixed).isBetween(0.37, 0.43);
    assertThat(counts.getOrDefault(Call.SHOW, 0) / mixed).isBetween(0.04, 0.06);
    assertThat(counts.getOrDefault(Call.ROTATE, 0) / mixed).isBetween(0.04, 0.06);
  }

  @Test
  void itemsAreUnique() {
    List<String> items = new ArrayList<>();
    for (Step step : steps(user(1, 1), 5_000)) {
      if (step.call() == Call.ADD && step.item() != null) {
        items.add(step.item());
      }
    }

    assertThat(items).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void logsOutWithFullCartAndStartsOver() {
    User user = user(1, 1);
    List<Step> steps = steps(user, 500);

    assertThat(steps.stream().filter(step -> step.call() == Call.LOGOUT)).isNotEmpty();
    assertThat(
        steps.stream().filter(step -> step.call() == Call.ADD && step.session().equals("u1-1")).count()).isEqualTo(20);
    int logout = steps.indexOf(new Step(Call.LOGOUT, "u1-1", null));
    assertThat(steps.get(logout + 1)).isEqualTo(new Step(Call.LOGIN, "u1-2", null));
  }

  @Test
  void startsOverWithoutCookies() {
    User user = user(1, 1);
    user.observe(user.next(), OK);
    user.cookies(OWN).accept(List.of("STATECRAFT_AFFINITY=n1; Path=/"), "/session");
    user.observe(new Step(Call.LOGOUT, "u1-1", null), OK);

    assertThat(user.cookies(OWN).header("/session")).isEmpty();
  }

  @Test
  void logsInAgainAfterLostSessionKeepingCookies() {
    User user = user(1, 1);
    user.observe(user.next(), OK);
    user.cookies(OWN).accept(List.of("STATECRAFT_AFFINITY=n1; Path=/"), "/session");
    user.observe(user.next(), new Outcome.Failed(401, "gone"));

    assertThat(user.readCart()).isNull();
    assertThat(user.next()).isEqualTo(new Step(Call.LOGIN, "u1-2", null));
    assertThat(user.cookies(OWN).header("/session")).isEqualTo("STATECRAFT_AFFINITY=n1");
  }

  @Test
  void unknownLoginOpensNoSession() {
    User user = user(1, 1);
    user.observe(user.next(), new Outcome.Unknown(0, "time-out"));

    assertThat(user.readCart()).isNull();
    assertThat(user.next().session()).isEqualTo("u1-2");
  }

  @Test
  void onlyUnknownLogoutEndsSession() {
    User user = user(1, 1);
    user.observe(user.next(), OK);
    user.observe(new Step(Call.ADD, "u1-1", "x"), new Outcome.Unknown(503, "no"));
    user.observe(new Step(Call.ROTATE, "u1-1", null), new Outcome.Unknown(503, "no"));
    assertThat(user.readCart()).isEqualTo(new Step(Call.READ, "u1-1", null));

    user.observe(new Step(Call.LOGOUT, "u1-1", null), new Outcome.Unknown(503, "no"));
    assertThat(user.readCart()).isNull();
  }

  @Test
  void observerIsSeparateClientWithLoginCookie() {
    User user = user(1, 1);
    Step login = user.next();
    user.cookies(login).accept(List.of("SESSION=opened; Path=/"), "/session");
    user.observe(login, OK);
    user.cookies(OWN).accept(List.of("SESSION=written; Path=/"), "/session");
    user.observe(new Step(Call.ADD, "u1-1", "x"), OK);

    assertThat(user.clientId(OWN)).isEqualTo(1);
    assertThat(user.clientId(OBSERVED)).isEqualTo(2);
    assertThat(user.cookies(OWN).header("/session")).isEqualTo("SESSION=written");
    assertThat(user.cookies(OBSERVED).header("/session")).isEqualTo("SESSION=opened");

    user.cookies(OWN).accept(List.of("SESSION=rotated; Path=/"), "/session");
    user.observe(new Step(Call.ROTATE, "u1-1", null), OK);
    assertThat(user.cookies(OBSERVED).header("/session")).isEqualTo("SESSION=rotated");
  }

  @Test
  void observersOnlyRead() {
    LoadPlan plan = new LoadPlan(
        1, Duration.ZERO, Duration.ofSeconds(1), 1, 5, Duration.ofSeconds(1), OperationMix.OBSERVED, 20);
    List<Step> steps = steps(new User(1, plan, InstantSource.system()), 2_000);

    assertThat(steps).filteredOn(Step::observer).isNotEmpty()
        .allSatisfy(step -> assertThat(step.call()).isEqualTo(Call.READ));
    assertThat(steps).filteredOn(step -> !step.observer() && step.call() == Call.READ).isNotEmpty();
  }

  @Test
  void status413EndsSession() {
    User user = user(1, 1);
    user.observe(user.next(), OK);
    user.observe(new Step(Call.ADD, "u1-1", "x"), new Outcome.Failed(413, "too large"));

    assertThat(Stream.generate(user::next).map(Step::call).takeWhile(call -> call != Call.LOGOUT).limit(10))
        .isNotEmpty().hasSizeLessThan(4).containsOnly(Call.CHECKOUT);
  }

  @Test
  void checksOutFullCartOrCancels() {
    List<String> paths = steps(user(1, 1), 5_000).stream()
        .filter(step -> step.call() == Call.CHECKOUT)
        .collect(Collectors.groupingBy(Step::session, Collectors.mapping(Step::item, Collectors.joining(" "))))
        .values().stream().distinct().toList();

    assertThat(paths).contains("reserve pay ship")
        .allMatch("reserve pay ship, reserve pay cancel, reserve cancel, cancel"::contains)
        .hasSizeGreaterThan(1);
  }

  private static User user(long seed, int number) {
    LoadPlan plan = new LoadPlan(
        1, Duration.ZERO, Duration.ofSeconds(1), 1, seed, Duration.ofSeconds(1), OperationMix.SHOPPING, 20);
    return new User(number, plan, InstantSource.system());
  }

  private static List<Step> steps(User user, int count) {
    List<Step> steps = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      Step step = user.next();
      steps.add(step);
      user.observe(step, OK);
    }
    return steps;
  }

  private static List<Call> calls(List<Step> steps) {
    return steps.stream().map(Step::call).toList();
  }
}
