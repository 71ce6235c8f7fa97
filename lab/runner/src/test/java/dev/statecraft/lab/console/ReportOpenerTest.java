package dev.statecraft.lab.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportOpenerTest {
  private static final Map<String, String> DISPLAY = Map.of("DISPLAY", ":0");

  @Test
  void opensInteractiveLocalSessions() {
    assertThat(ReportOpener.command("Linux", DISPLAY, true)).containsExactly("xdg-open");
    assertThat(ReportOpener.command("Linux", Map.of("WAYLAND_DISPLAY", "wayland-0"), true)).containsExactly("xdg-open");
    assertThat(ReportOpener.command("Mac OS X", Map.of(), true)).containsExactly("open");
  }

  @Test
  void opensNothingInRemoteSessionsOrPipelines() {
    assertThat(ReportOpener.command("Linux", Map.of(), true)).isEmpty();
    assertThat(ReportOpener.command("Linux", DISPLAY, false)).isEmpty();
    assertThat(ReportOpener.command("Linux", Map.of("DISPLAY", ":0", "CI", "true"), true)).isEmpty();
    assertThat(ReportOpener.command("Mac OS X", Map.of("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22"), true)).isEmpty();
  }
}
