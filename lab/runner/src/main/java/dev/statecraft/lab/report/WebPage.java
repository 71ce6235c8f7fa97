package dev.statecraft.lab.report;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A self-contained HTML page from a template beside the owner, which starts with {@code {{> head}}} and ends with
 * {@code {{> foot}}}, and gets its data as {@code page}.
 */
public record WebPage(Class<?> owner, String template, String title, Object page, List<Chart> charts) {
  private static final String WEB_JAR = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";
  private static final JsonMapper MAPPER = JsonMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
      .build();

  public WebPage {
    charts = List.copyOf(charts);
  }

  public String render() {
    record Document(String title, Object page, String css, String chartJs, String charts, String chartJsLicence,
        String chartData) {}
    String webJar = "/META-INF/resources/webjars/chart.js/" + chartJsVersion() + '/';
    return Mustache.compiler().strictSections(true)
        .withLoader(partial -> new StringReader(template(partial + ".mustache"))).compile(template(template))
        .execute(new Document(title, page, text("report.css"),
            script(text(webJar + "dist/chart.umd.min.js").replaceAll("(?m)^//# sourceMappingURL=.*$", "")),
            script(text("charts.js")), text(webJar + "LICENSE.md"),
            MAPPER.writeValueAsString(charts).replace("<", "\\u003c")));
  }

  /** Escapes the sequences that HTML interprets in a script element. The charts' JSON contains no {@code <} at all. */
  private static String script(String text) {
    return text.replaceAll("(?i)<(?=/script|!--|script)", "\\\\u003c");
  }

  private static String chartJsVersion() {
    try (InputStream stream = resource(WebPage.class, WEB_JAR)) {
      Properties properties = new Properties();
      properties.load(stream);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A template beside the owner, or a shared one. */
  private String template(String name) {
    return owner.getResource(name) == null ? text(name) : text(owner, name);
  }

  private static String text(String name) {
    return text(WebPage.class, name);
  }

  private static String text(Class<?> beside, String name) {
    try (InputStream stream = resource(beside, name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream resource(Class<?> beside, String name) {
    InputStream stream = beside.getResourceAsStream(name);
    if (stream == null) {
      throw new IllegalStateException("missing resource " + name);
    }
    return stream;
  }
}
