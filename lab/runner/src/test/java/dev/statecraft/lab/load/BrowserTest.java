package dev.statecraft.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.history.Workload;
import dev.statecraft.lab.load.User.Step;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BrowserTest {
  private static final Outcome OK = new Outcome.Ok(200, null);
  private static final Outcome GONE = new Outcome.Failed(401, "no session");

  @Test
  void oneTabLogsInWhileOthersWait() throws Exception {
    List<SimulatedClient> tabs = tabs(3, 5, Duration.ofMinutes(1));
    Step login = tabs.get(0).next();
    assertThat(login.call()).isEqualTo(Call.LOGIN);

    CompletableFuture<Step> other = CompletableFuture.supplyAsync(() -> tabs.get(1).next());
    assertThat(other.isDone()).isFalse();
    tabs.get(0).observe(login, OK);

    Step next = other.get(30, TimeUnit.SECONDS);
    assertThat(next.session()).isEqualTo(login.session());
    assertThat(next.call()).isNotEqualTo(Call.LOGIN);
    assertThat(tabs.get(1).cookies(next)).isSameAs(tabs.get(0).cookies(login));
    assertThat(tabs.get(1).clientId(next)).isNotEqualTo(tabs.get(0).clientId(login));
  }

  @Test
  void secondTabLogsInAfterDeadline() {
    List<SimulatedClient> tabs = tabs(3, 5, Duration.ofMillis(1));
    Step first = tabs.get(0).next();
    Step second = tabs.get(1).next();

    assertThat(second.call()).isEqualTo(Call.LOGIN);
    assertThat(second.session()).isNotEqualTo(first.session());
  }

  @Test
  void lastAnsweredLoginWinsWithItsCookies() {
    List<SimulatedClient> tabs = tabs(3, 5, Duration.ofMillis(1));
    Step slow = tabs.get(0).next();
    Step quick = tabs.get(1).next();
    tabs.get(1).cookies(quick).accept(List.of("SESSION=quick; Path=/"), "/session");
    tabs.get(1).observe(quick, OK);
    tabs.get(0).cookies(slow).accept(List.of("SESSION=slow; Path=/"), "/session");
    tabs.get(0).observe(slow, OK);

    Step next = tabs.get(2).next();
    assertThat(next.session()).isEqualTo(slow.session());
    assertThat(tabs.get(2).cookies(next).header("/cart")).isEqualTo("SESSION=slow");
  }

  @Test
  void nextTabLogsInAfterFailedLogin() {
    List<SimulatedClient> tabs = tabs(3, 5, Duration.ofMinutes(1));
    tabs.get(0).observe(tabs.get(0).next(), new Outcome.Failed(503, "not now"));

    assertThat(tabs.get(1).next().call()).isEqualTo(Call.LOGIN);
  }

  @Test
  void logoutStartsNewSessionWithNewCookies() {
    List<SimulatedClient> tabs = tabs(2, 1, Duration.ofMinutes(1));
    Step login = perform(tabs.get(0), OK);
    Step logout = null;
    for (int i = 0; i < 100 && logout == null; i++) {
      Step step = tabs.get(0).next();
      logout = step.call() == Call.LOGOUT ? step : null;
    }
    Step meanwhile = tabs.get(1).next();
    assertThat(meanwhile.call()).isNotIn(Call.LOGOUT, Call.LOGIN);
    CookieJar old = tabs.get(1).cookies(meanwhile);
    tabs.get(0).observe(Objects.requireNonNull(logout), OK);
    tabs.get(1).observe(meanwhile, GONE);

    Step again = tabs.get(1).next();
    assertThat(again.call()).isEqualTo(Call.LOGIN);
    assertThat(again.session()).isNotEqualTo(login.session());
    assertThat(tabs.get(1).cookies(again)).isNotSameAs(old);
  }

  @Test
  void tabsTrySameCheckoutStepUntilOneSucceeds() {
    List<SimulatedClient> tabs = checkoutTabs(2);
    perform(tabs.get(0), OK);
    Step reserve = until(tabs.get(0), step -> "reserve".equals(step.item()));
    Step reserveToo = until(tabs.get(1), step -> step.call() == Call.CHECKOUT && !"cancel".equals(step.item()));
    assertThat(reserveToo.item()).isEqualTo("reserve");
    tabs.get(0).observe(reserve, OK);
    tabs.get(1).observe(reserveToo, new Outcome.Failed(409, "reserved"));

    assertThat(until(tabs.get(1), step -> step.call() == Call.CHECKOUT && !"cancel".equals(step.item())).item())
        .isEqualTo("pay");
  }

  @Test
  void logsOutAfterCheckout() {
    SimulatedClient tab = checkoutTabs(1).getFirst();
    List<Step> steps = new ArrayList<>();
    do {
      steps.add(perform(tab, OK));
    } while (steps.getLast().call() != Call.LOGOUT);
    assertThat(steps).filteredOn(step -> step.call() == Call.CHECKOUT).last().extracting(Step::item).asString()
        .isIn("ship", "cancel");
  }

  @Test
  void logsOutIfNoCheckoutStepSucceeds() {
    SimulatedClient tab = checkoutTabs(1).getFirst();
    perform(tab, OK);
    assertThat(until(tab, step -> step.call() == Call.LOGOUT).session()).isNotEmpty();
  }

  @Test
  void late401OfOldSessionKeepsNewSession() {
    List<SimulatedClient> tabs = tabs(2, 5, Duration.ofMinutes(1));
    perform(tabs.get(0), OK);
    Step late = tabs.get(1).next();
    tabs.get(0).observe(tabs.get(0).next(), GONE);
    Step second = perform(tabs.get(0), OK);
    tabs.get(1).observe(late, GONE);

    assertThat(tabs.get(1).next().session()).isEqualTo(second.session());
  }

  @Test
  void itemsAreUniqueAcrossTabs() {
    Random random = new Random(1);
    List<SimulatedClient> tabs = tabs(Browser.TABS, 7, Duration.ofMinutes(1));
    Set<String> items = new HashSet<>();
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      Step step = perform(tabs.get(random.nextInt(tabs.size())), OK);
      calls.add(step.call());
      if (step.item() != null) {
        assertThat(items.add(step.session() + "/" + step.item())).as(step.item()).isTrue();
      }
    }
    assertThat(calls).contains(Call.LOGIN, Call.READ, Call.ADD, Call.LOGOUT, Call.SHOW);
  }

  @Test
  void racingTabsRecordTheIdTheySent() {
    List<SimulatedClient> tabs = racingTabs(2);
    perform(tabs.get(0), OK);
    Step early = tabs.get(1).next();
    assertThat(early.generation()).isZero();
    Step rotate = until(tabs.get(0), step -> step.call() == Call.ROTATE);
    tabs.get(0).cookies(rotate).accept(List.of("SESSION=new; Path=/"), "/session/rotate");
    tabs.get(0).observe(rotate, OK);
    tabs.get(1).cookies(early).accept(List.of("SESSION=late; Path=/"), "/cart");
    tabs.get(1).observe(early, OK);

    Step next = until(tabs.get(1), step -> Integer.valueOf(1).equals(step.generation()));
    assertThat(next.session()).isEqualTo(rotate.session());
    assertThat(tabs.get(1).cookies(next).header("/cart")).isEqualTo("SESSION=new");
  }

  @Test
  void racingTabReusesRotatedId() {
    List<SimulatedClient> tabs = racingTabs(1);
    Step login = tabs.getFirst().next();
    tabs.getFirst().cookies(login).accept(List.of("SESSION=old; Path=/"), "/session");
    tabs.getFirst().observe(login, OK);
    Step rotate = until(tabs.getFirst(), step -> step.call() == Call.ROTATE);
    tabs.getFirst().cookies(rotate).accept(List.of("SESSION=new; Path=/"), "/session/rotate");
    tabs.getFirst().observe(rotate, OK);

    Step retired = until(tabs.getFirst(), step -> Integer.valueOf(0).equals(step.generation()));
    assertThat(retired.call()).isEqualTo(Call.READ);
    assertThat(retired.session()).isEqualTo(login.session());
    assertThat(tabs.getFirst().cookies(retired).header("/cart")).isEqualTo("SESSION=old");
    tabs.getFirst().observe(retired, GONE);
    assertThat(tabs.getFirst().next().call()).isNotEqualTo(Call.LOGIN);
  }

  @Test
  void createsOneUniqueClientPerSession() {
    List<SimulatedClient> clients = plan(8, 5, Duration.ofMinutes(1)).clients(InstantSource.system());
    assertThat(clients).hasSize(8);
    assertThat(clients.stream().map(client -> client.clientId(new Step(Call.READ, "s", null))).distinct())
        .hasSize(8);
    assertThat(clients.stream().map(SimulatedClient::name).distinct()).hasSize(3);
  }

  /** Draws steps, without reporting outcomes, until one matches. */
  private static Step until(SimulatedClient tab, Predicate<Step> wanted) {
    return Stream.generate(tab::next).limit(10_000).filter(wanted).findFirst().orElseThrow();
  }

  private static List<SimulatedClient> checkoutTabs(int tabs) {
    LoadPlan plan = new LoadPlan(
        10, Duration.ZERO, Duration.ofSeconds(1), tabs, 1, Duration.ofMinutes(1), OperationMix.TABS, 20,
        Workload.CHECKOUT);
    return Browser.tabs(1, 1, tabs, plan, InstantSource.system());
  }

  private static List<SimulatedClient> racingTabs(int tabs) {
    LoadPlan plan = new LoadPlan(
        10, Duration.ZERO, Duration.ofSeconds(1), tabs, 1, Duration.ofMinutes(1), OperationMix.RACES, 100_000,
        Workload.RACES);
    return Browser.tabs(1, 1, tabs, plan, InstantSource.system());
  }

  private static Step perform(SimulatedClient tab, Outcome outcome) {
    Step step = tab.next();
    tab.observe(step, outcome);
    return step;
  }

  private static List<SimulatedClient> tabs(int tabs, int cartLimit, Duration deadline) {
    return Browser.tabs(1, 1, tabs, plan(tabs, cartLimit, deadline), InstantSource.system());
  }

  private static LoadPlan plan(int sessions, int cartLimit, Duration deadline) {
    return new LoadPlan(
        10, Duration.ZERO, Duration.ofSeconds(1), sessions, 1, deadline, OperationMix.TABS, cartLimit, Workload.TABS);
  }
}
