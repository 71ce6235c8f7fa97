package dev.statecraft.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.util.Base64;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;

/** Checks {@code Chart.yaml}: what Helm and Artifact Hub show of the chart. */
class ChartFileTest {
  private static final String SVG = "data:image/svg+xml;base64,";

  private final JsonNode chart;

  ChartFileTest() throws IOException {
    this.chart = Chart.parseYaml(Files.readString(Chart.DIRECTORY.resolve("Chart.yaml")));
  }

  @Test
  void oldestKubernetesIsTheOldestChecked() {
    assertThat(chart.path("kubeVersion").stringValue()).isEqualTo(">=" + Chart.KUBERNETES_VERSIONS.getFirst() + "-0");
  }

  /** The icon is in the file itself, because the chart knows no address of its own. */
  @Test
  void iconIsAnSvgImage() throws Exception {
    String icon = chart.path("icon").stringValue();
    assertThat(icon).startsWith(SVG);
    String image = new String(Base64.getDecoder().decode(icon.substring(SVG.length())), UTF_8);
    assertThat(DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(image)))
        .getDocumentElement().getTagName()).isEqualTo("svg");
  }

  @Test
  void changesAreListedAsArtifactHubReadsThem() {
    assertThat(Chart.parseYaml(chart.path("annotations").path("artifacthub.io/changes").stringValue())).isNotEmpty()
        .allSatisfy(change -> {
          assertThat(change.path("kind").stringValue()).isIn("added", "changed", "deprecated", "removed", "fixed",
              "security");
          assertThat(change.path("description").stringValue()).isNotBlank();
        });
  }

  @Test
  void maintainersAreNamed() {
    assertThat(chart.path("maintainers")).isNotEmpty()
        .allMatch(maintainer -> !maintainer.path("name").stringValue("").isEmpty());
  }
}
