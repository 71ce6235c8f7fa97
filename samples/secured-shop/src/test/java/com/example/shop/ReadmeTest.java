package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README's section "Add it to your application" is what this sample does. */
class ReadmeTest {
  private static final int MAX_CODE_LINES = 100;

  private static List<String> codeBlocks(String language) throws IOException {
    String section = Files.readString(Path.of("../../README.md")).split("## Add it to your application\n", 2)[1];
    return Stream
        .of(section.split("\n## ", 2)[0].split("```" + language + "\n", -1))
        .skip(1)
        .map(block -> block.split("```", 2)[0])
        .toList();
  }

  private static String withoutSpaces(String text) {
    return text.replaceAll("\\s", "");
  }

  @Test
  void sampleFollowsReadme() throws IOException {
    String pom = withoutSpaces(Files.readString(Path.of("pom.xml")));
    String settings = Files.readString(Path.of("src/main/resources/application.yaml"));

    assertThat(codeBlocks("xml"))
        .singleElement()
        .satisfies(
            // The sample's parent manages the version.
            xml -> assertThat(pom).contains(withoutSpaces(xml.replaceAll("<version>.*</version>", ""))));
    assertThat(codeBlocks("yaml")).singleElement().satisfies(yaml -> assertThat(settings).contains(yaml));
  }

  @Test
  void sampleIsAnOrdinaryApplication() throws IOException {
    long lines = 0;
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
        String text = Files.readString(source);
        assertThat(text).as(source.toString()).doesNotContain("dev.statecraft");
        lines += text.lines().count();
      }
    }
    assertThat(lines).isLessThanOrEqualTo(MAX_CODE_LINES);
  }
}
