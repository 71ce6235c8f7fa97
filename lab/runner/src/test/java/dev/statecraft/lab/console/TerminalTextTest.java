package dev.statecraft.lab.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"xterm", "xterm-256color", "tmux-256color", "screen", "linux", "vt100", "st-256color", "ansi"})
  void knownTerminalsInterpretControlSequences(String terminal) {
    assertThat(TerminalText.interpretsControlSequences(terminal)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "unknown", "emacs", "printer"})
  void otherTerminalsGetPlainText(String terminal) {
    assertThat(TerminalText.interpretsControlSequences(terminal)).isFalse();
  }
}
