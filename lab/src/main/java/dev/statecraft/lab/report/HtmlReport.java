package dev.statecraft.lab.report;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** Draws {@code report.html}: one file that loads nothing, and says all that {@code results.json} says to a reader. */
public final class HtmlReport {
  /** The name within a directory of results. */
  public static final String NAME = "report.html";

  private static final String WEB_JAR = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";
  private static final JsonMapper MAPPER = JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
      .build();

  private HtmlReport() {}

  /** Writes the page, in UTF-8. */
  public static void write(Path file, Results results) throws IOException {
    Files.writeString(file, render(results));
  }

  static String render(Results results) {
    record Document(Page page, String css, String chartJs, String charts, String chartJsLicence, String chartData) {}
    Page page = Page.of(results);
    String webJar = "/META-INF/resources/webjars/chart.js/" + chartJsVersion() + '/';
    return Mustache.compiler()
        .strictSections(true)
        .withLoader(partial -> new StringReader(text(partial + ".mustache")))
        .compile(text("report.mustache"))
        .execute(
            new Document(
                page,
                text("report.css"),
                script(text(webJar + "dist/chart.umd.min.js").replaceAll("(?m)^//# sourceMappingURL=.*$", "")),
                script(text("charts.js")),
                text(webJar + "LICENSE.md"),
                MAPPER.writeValueAsString(page.charts()).replace("<", "\\u003c")));
  }

  /** Within a script element only these mean anything to HTML; the charts' JSON, whose text is not ours, has no '<' at all. */
  private static String script(String text) {
    return text.replaceAll("(?i)<(?=/script|!--|script)", "\\\\u003c");
  }

  private static String chartJsVersion() {
    try (InputStream stream = resource(WEB_JAR)) {
      Properties properties = new Properties();
      properties.load(stream);
      return properties.getProperty("version");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String text(String name) {
    try (InputStream stream = resource(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static InputStream resource(String name) {
    InputStream stream = HtmlReport.class.getResourceAsStream(name);
    if (stream == null) {
      throw new IllegalStateException("The lab was built without " + name);
    }
    return stream;
  }
}
