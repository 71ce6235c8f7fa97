package dev.statecraft.session.replicated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.replicated.Command.Create;
import dev.statecraft.session.replicated.Outcome.Verdict;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaftGroupIT {
  @TempDir
  Path directory;

  @Test
  void anyMemberAcceptsWritesAndAllApplyThem() {
    try (TestGroup group = new TestGroup(directory, 3).startAll()) {
      int number = 0;
      for (TestGroup.Member member : group.running()) {
        Outcome outcome = member.propose(new Create("s" + number, 1, 1000, Map.of()));
        assertThat(outcome.verdict()).isEqualTo(Verdict.DONE);
        number++;
      }
      group.awaitSameIndex();
      assertThat(group.running()).allSatisfy(member -> assertThat(member.sessions().size()).isEqualTo(3));
    }
  }
}
