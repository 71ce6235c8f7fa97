package dev.statecraft.lab.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringWriter err = new StringWriter();

  @Test
  void printsOnlyWholeLinesWithoutATerminal() {
    Progress progress = new Progress(new PrintWriter(err), false);
    progress.status("1 of 3");
    progress.println("done");
    progress.status("2 of 3");
    progress.clear();

    assertThat(err.toString().lines()).containsExactly("done");
    assertThat(err.toString()).doesNotContain("\u001b", "\r");
  }

  @Test
  void sendsPrefixedStatusLinesToRemoteReader() {
    Progress progress = Progress.forRemoteReader(new PrintWriter(err));
    progress.status("1 of 3");
    progress.status("2 of 3");
    progress.println("done");

    assertThat(err.toString().lines()).containsExactly(Progress.STATUS_PREFIX + "1 of 3", "done");
  }

  @Test
  void permanentLineReplacesStatusOnTerminal() {
    Progress progress = new Progress(new PrintWriter(err), true);
    progress.status("1 of 3");
    progress.println("done");

    assertThat(err.toString()).contains("1 of 3\r\u001b[K").endsWith("done" + System.lineSeparator());
  }

  @Test
  void clearsStatusAtTheEnd() {
    Progress progress = new Progress(new PrintWriter(err), true);
    progress.status("1 of 3");
    progress.end();
    progress.status("2 of 3");

    assertThat(err.toString()).endsWith("1 of 3\r\u001b[K");
  }

  @Test
  void truncatesLongStatus() {
    Progress progress = new Progress(new PrintWriter(err), true);
    progress.status("x".repeat(500));

    assertThat(err.toString().length()).isLessThan(120);
  }
}
