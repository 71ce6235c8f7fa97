package dev.statecraft.session.replicated;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jgroups.protocols.raft.LogEntry;

/**
 * The configurations in a member's log, by index. The last one counts, committed or not; where it is cut off, the one
 * before it counts again. Not thread-safe: {@link StrictRaft} guards it.
 */
final class Configurations {
  private final NavigableMap<Long, Configuration> byIndex = new TreeMap<>();

  /** Begins anew: with what the group was founded with (index 0), or with what a snapshot holds. */
  void begin(long index, Configuration configuration) {
    byIndex.clear();
    byIndex.put(index, configuration);
  }

  /** Takes note of an entry, if it is a configuration; returns whether it is. */
  boolean appended(long index, LogEntry entry) {
    if (!Configuration.isIn(entry)) {
      return false;
    }
    appended(index, Configuration.ofEntry(entry));
    return true;
  }

  void appended(long index, Configuration configuration) {
    byIndex.put(index, configuration);
  }

  void cutFrom(long index) {
    byIndex.tailMap(index, true).clear();
  }

  Configuration latest() {
    Map.Entry<Long, Configuration> last = byIndex.lastEntry();
    return last == null ? Configuration.NOBODY : last.getValue();
  }

  /** Where the one that counts stands; 0 for the founders'. */
  long latestIndex() {
    return byIndex.isEmpty() ? 0 : byIndex.lastKey();
  }

  /** The one that was in force when the log reached up to there. */
  Configuration at(long index) {
    Map.Entry<Long, Configuration> floor = byIndex.floorEntry(index);
    return floor == null ? Configuration.NOBODY : floor.getValue();
  }
}
