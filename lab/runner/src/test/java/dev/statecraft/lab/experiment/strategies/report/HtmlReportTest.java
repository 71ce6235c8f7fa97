package dev.statecraft.lab.experiment.strategies.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.checker.Checker;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.CheckoutVerdict;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Counterexample;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.FaultResult;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.NotRun;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.SessionVerdict;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Verdict;
import dev.statecraft.lab.load.Measurement.Latency;
import dev.statecraft.lab.load.Measurement.Timeline;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.report.Software;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HtmlReportTest {
  private static final String HOSTILE = "</script><img src=x onerror=\"alert('1')\"><!-"
      + "- {{css}} {{{css}}} ${1} \\ \u2028 &amp; `=";
  private static final Pattern SCRIPT = Pattern.compile("<script( [^>]*)?>(.*?)</script>", Pattern.DOTALL);
  private static final Pattern TAG = Pattern.compile("<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^>\"]|\"[^\"]*\")*)>");
  private static final Set<String> EMPTY_ELEMENTS = Set.of("meta", "br", "rect", "line");

  private static final Map<StrategyResults, String> RENDERED = new HashMap<>();

  @Test
  void showsEveryFigureExactly() {
    String html = render(SampleResults.fourStrategies());
    for (Run run : SampleResults.fourStrategies().runs()) {
      Latency latency = Objects.requireNonNull(run.latencyMillis());
      FaultResult fault = run.faults().getFirst();
      Stream.of(
          latency.p50(), latency.p99(), latency.p999(), run.throughputPerSecond(), run.errors(),
          fault.routingRecoveredMillis(), fault.stateRecoveredMillis())
          .filter(Objects::nonNull)
          .forEach(figure -> assertThat(html).contains("<data value=\"" + figure + "\">"));
      assertThat(html).contains(run.guarantee().replace("'", "&#39;"), run.anomaly().replace("'", "&#39;"),
          run.history());
    }
    assertThat(html).contains("41 sessions (187 items in their carts)", ">7,412<", "as documented", ">never<");
  }

  @Test
  void showsSummary() {
    Summary summary = Summary.of(NamedRun.of(SampleResults.fourStrategies()));
    assertThat(render(SampleResults.fourStrategies())).contains(summary.answer())
        .contains(summary.details().stream().map(detail -> detail.replace("'", "&#39;")).toList());
  }

  @Test
  void showsRangesOverRounds() {
    assertThat(render(SampleResults.repeated())).contains("<data value=\"2.8\">2.80</data>", "2.70 to 2.90",
        "p50: affinity and cookie: no difference (ranges overlap).");
  }

  @ParameterizedTest
  @MethodSource("everyKindOfResults")
  void loadsNoResources(StrategyResults results) {
    String html = render(results);
    assertThat(html).contains("default-src 'none'");
    String markup = SCRIPT.matcher(html).replaceAll("");
    assertThat(markup).doesNotContain("@import").doesNotContain("url(").doesNotContain("<link").doesNotContain(" src=");
    assertThat(Pattern.compile("href=\"([^\"]*)\"").matcher(markup).results().map(found -> found.group(1)))
        .allMatch(target -> target.startsWith("#"));
    assertThat(scripts(html)).allSatisfy(
        script -> assertThat(script.group(1) == null ? "" : script.group(1)).doesNotContain("src"));
    assertThat(html).doesNotContain("sourceMappingURL");
  }

  @ParameterizedTest
  @MethodSource("everyKindOfResults")
  void isWellFormedWithValidLinks(StrategyResults results, TestInfo test) throws IOException {
    String html = render(results);
    saveSample(html, test.getDisplayName());
    String markup = SCRIPT.matcher(html).replaceAll("").replaceAll("(?s)<style>.*?</style>", "");
    Deque<String> open = new ArrayDeque<>();
    TAG.matcher(markup).results().filter(tag -> !EMPTY_ELEMENTS.contains(tag.group(2))).forEach(tag -> {
      if (tag.group(1).isEmpty()) {
        open.push(tag.group(2));
      } else {
        assertThat(open.pop()).isEqualTo(tag.group(2));
      }
    });
    assertThat(open).isEmpty();
    List<String> ids = all(markup, " id=\"([^\"]*)\"");
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(ids).containsAll(all(markup, "href=\"#([^\"]*)\""))
        .containsAll(all(markup, "aria-labelledby=\"([^\"]*)\""));
  }

  @ParameterizedTest
  @MethodSource("everyKindOfResults")
  void eachCanvasHasChartData(StrategyResults results) {
    String html = render(results);
    List<String> described = new ArrayList<>();
    charts(html).forEach(chart -> described.add(chart.get("id").stringValue()));
    assertThat(described).containsExactlyInAnyOrderElementsOf(all(html, "<canvas id=\"([^\"]*)\""));
  }

  @Test
  void chartsShowTimelineOnSharedScales() {
    JsonNode charts = charts(render(SampleResults.fourStrategies()));
    List<Run> runs = SampleResults.fourStrategies().runs();
    for (int i = 0; i < runs.size(); i++) {
      JsonNode chart = charts.get(i);
      Timeline timeline = runs.get(i).timeline();
      assertThat(chart.get("kind").stringValue()).isEqualTo("overTime");
      assertThat(chart.get("range")).isEqualTo(charts.get(0).get("range"));
      assertThat(chart.get("seconds")).isEqualTo(charts.get(0).get("seconds"));
      assertThat(chart.get("step").doubleValue()).isEqualTo(0.25);
      for (int point = 0; point < timeline.p99().size(); point++) {
        assertThat(chart.get("lines").get(0).get("values").get(point).doubleValue())
            .isEqualTo(timeline.p99().get(point));
        assertThat(chart.get("lines").get(1).get("values").get(point).doubleValue())
            .isEqualTo(timeline.p50().get(point));
      }
      assertThat(chart.get("bands").get(0).get("from").doubleValue()).isEqualTo(10);
    }
    assertThat(charts.get(0).get("failedPercent").get(0).isNull()).isTrue();
    assertThat(charts.get(0).get("failedPercent").get(40).doubleValue())
        .isEqualTo(100.0 * runs.getFirst().timeline().errors().get(40) / 75);
  }

  @Test
  void escapesMarkupInResults() {
    String html = render(hostile());
    assertThat(html).doesNotContain("<img").doesNotContain("<!-- {{").contains("&lt;img src&#x3D;x");
    assertThat(scripts(html)).hasSize(3);
    assertThat(charts(html).get(0).get("bands").get(0).get("label").stringValue()).isEqualTo(HOSTILE + ' ' + HOSTILE);
  }

  @Test
  void showsCounterexampleAsTextAndTimeline() {
    String html = render(SampleResults.fourStrategies());
    assertThat(html).contains("yet a read with its cookie was answered 401.")
        .contains("operation 1701: client 17 adds “i-17-1”, got 201 from affinity-2, after 2.30\u00a0ms.")
        .contains("client 17 reads the cart, got 401 from affinity-2 (Unauthorized)")
        .contains("class=\"bar failed\"")
        .contains("3: kill affinity-2")
        .contains("href=\"#counterexample-0-lostSessions-0\"");
  }

  @Test
  void listsEveryAnomalyForEveryRun() {
    List<VerdictTable.Row> rows = VerdictTable
        .of(NamedRun.of(SampleResults.of(List.of(SampleResults.affinity(), SampleResults.unanswered()))))
        .groups().stream().flatMap(group -> group.rows().stream()).toList();
    assertThat(rows).extracting(VerdictTable.Row::title)
        .containsAll(AnomalyCount.all().stream().map(AnomalyCount::title).toList());
    assertThat(rows).allSatisfy(row -> assertThat(row.cells()).hasSize(2));
    assertThat(cells(rows, AnomalyCount.of(AnomalyKind.LOST_SESSION)))
        .containsExactly(
            new VerdictTable.Cell("41", false, true, false, "counterexample-0-lostSessions-0"),
            new VerdictTable.Cell("0", true, false, false, null));
    assertThat(cells(rows, AnomalyCount.of(AnomalyKind.RESURRECTION))).extracting(VerdictTable.Cell::text)
        .containsExactly("0", "–");
  }

  private static List<VerdictTable.Cell> cells(List<VerdictTable.Row> rows, AnomalyCount anomaly) {
    return rows.stream().filter(row -> row.title().equals(anomaly.title())).findFirst().orElseThrow().cells();
  }

  @Test
  void showsSensitivityOfTheChecker() {
    assertThat(render(SampleResults.fourStrategies()))
        .contains("each caught within " + Checker.MIN_OPERATIONS + " operations", ">Operations<");
  }

  @Test
  void showsBreach() {
    String html = render(broken());
    assertThat(html).contains(">Broken<", "<strong class=\"mark\">breach</strong>", "class=\"bar unknown\"")
        .contains("Not documented: 1 lost acknowledged write and 1 stale read");
  }

  @Test
  void includesLicenceOfChartLibrary() {
    assertThat(render(SampleResults.fourStrategies())).contains(
        "Released under the MIT License", "Permission is hereby granted, free of charge", "@kurkle/color");
  }

  static Stream<Named<StrategyResults>> everyKindOfResults() {
    Run run = SampleResults.replicated("session");
    FaultResult unended = new FaultResult("pause", "replicated-1", 4_000, null, null, null, null);
    FaultResult later = new FaultResult("kill", "replicated-2", 5_000, 9_000L, 40.0, 90.0, 4_800.0);
    List<Run> twelve = new ArrayList<>();
    IntStream.range(0, 3).forEach(_ -> {
      twelve.addAll(SampleResults.fourStrategies().runs());
    });
    return Stream.of(
        Named.of("four-strategies", SampleResults.fourStrategies()), Named.of("no-runs", SampleResults.of(List.of())),
        Named.of("no-fault", SampleResults.of(List.of(SampleResults.with(run, List.of())))),
        Named.of("two-faults-one-unended", SampleResults.of(List.of(SampleResults.with(run, List.of(unended, later))))),
        Named.of("no-good-answer", SampleResults.of(List.of(SampleResults.unanswered(), SampleResults.cookie()))),
        Named.of("twelve-runs", SampleResults.of(twelve)), Named.of("broken", broken()),
        Named.of("repeated", SampleResults.repeated()), Named.of("hostile", hostile()));
  }

  private static StrategyResults broken() {
    String added = SampleResults.operation(
        70, 3, "u-3", "ADD", "i-3-9", 9_990_000_000L, 30_000_000, SampleResults.OK_CREATED);
    String cut = SampleResults.operation(
        71, 8, "u-3", "ADD", "i-8-1", 9_995_000_000L, 400_000_000,
        "{\"kind\":\"unknown\",\"status\":0,\"reason\":\"timed out\"}");
    String read = SampleResults.operation(
        72, 3, "u-3", "READ", null, 10_600_000_000L, 4_000_000,
        "{\"kind\":\"ok\",\"status\":200,\"items\":[\"i-3-1\",\"i-3-2\",\"i-3-3\",\"i-3-4\",\"i-3-5\",\"i-3-6\",\"i"
            + "-3-7\",\"i-3-8\",\"i-8-1\"]}");
    return SampleResults.of(
        List.of(
            SampleResults.with(SampleResults.replicated("session"), new Verdict(7_412, 1, 0, 0, 1, 0, 0, 0, 0), false,
                List.of(
                    new Counterexample(
                        "lostAcknowledgedWrites", "u-3",
                        "The item i-3-9 was acknowledged with 201, and a later read of the same session misses it.",
                        List.of(added, cut, read)),
                    new Counterexample("staleReads", "u-3", "Has no parsable operations.",
                        List.of("not JSON", "[]", "{}")))),
            SampleResults.cookie()));
  }

  private static StrategyResults hostile() {
    Run run = SampleResults.affinity();
    Counterexample example = new Counterexample(
        HOSTILE, HOSTILE, HOSTILE,
        List.of(HOSTILE, SampleResults.operation(1, 1, "s", "ADD", "<img src=x>", 1, 1, "{\"kind\":\"<img>\"}")));
    Run hostile = new Run(
        HOSTILE, HOSTILE, HOSTILE, HOSTILE, 3, 120, 300, 20, run.requests(), run.errors(), run.unknown(),
        run.throughputPerSecond(), run.latencyMillis(),
        List.of(new FaultResult(HOSTILE, HOSTILE, 10_000, null, null, null, null)),
        List.of(new NotRun(HOSTILE, HOSTILE)), new Verdict(7_412, 1, 1, 1, 1, 1, 1, 1, 1),
        new SessionVerdict(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), new CheckoutVerdict(1, 1, 1), List.of(HOSTILE), false,
        List.of(example), run.timeline(), HOSTILE);
    return new StrategyResults(
        StrategyResults.SCHEMA, Instant.EPOCH, HOSTILE, 1, new Machine(HOSTILE, 1, 1, HOSTILE), null,
        List.of(hostile, hostile), List.of(new Software(HOSTILE, HOSTILE)));
  }

  private static String render(StrategyResults results) {
    return RENDERED.computeIfAbsent(results, StrategyResults::page);
  }

  private static void saveSample(String html, String name) throws IOException {
    Path directory = Files.createDirectories(Path.of("target", "report-samples"));
    Files.writeString(directory.resolve(name.replaceAll(".*results|[^a-z-]+", "") + ".html"), html);
  }

  private static List<MatchResult> scripts(String html) {
    return SCRIPT.matcher(html).results().toList();
  }

  private static JsonNode charts(String html) {
    return JsonMapper.builder().build().readTree(scripts(html).getFirst().group(2));
  }

  private static List<String> all(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map(found -> found.group(1)).toList();
  }
}
