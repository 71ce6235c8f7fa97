package dev.statecraft.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BrowserTest {
  private static final Map<String, String> DISPLAY = Map.of("DISPLAY", ":0");

  @Test
  void opensOnlyWhereSomebodySees() {
    assertThat(Browser.command("Linux", DISPLAY, true)).containsExactly("xdg-open");
    assertThat(Browser.command("Linux", Map.of("WAYLAND_DISPLAY", "wayland-0"), true)).containsExactly("xdg-open");
    assertThat(Browser.command("Mac OS X", Map.of(), true)).containsExactly("open");
  }

  @Test
  void opensNothingWithoutADisplayOrATerminalOrInAPipeline() {
    assertThat(Browser.command("Linux", Map.of(), true)).isEmpty();
    assertThat(Browser.command("Linux", DISPLAY, false)).isEmpty();
    assertThat(Browser.command("Linux", Map.of("DISPLAY", ":0", "CI", "true"), true)).isEmpty();
    assertThat(Browser.command("Mac OS X", Map.of("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22"), true)).isEmpty();
  }
}
