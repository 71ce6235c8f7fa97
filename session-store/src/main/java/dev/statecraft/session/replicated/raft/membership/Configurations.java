package dev.statecraft.session.replicated.raft.membership;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jgroups.protocols.raft.LogEntry;

/**
 * The configurations in a member's log, by index. The last one is in force, committed or not. If it is truncated, the
 * one before it is in force again. Not thread-safe.
 */
public final class Configurations {
  private final NavigableMap<Long, Configuration> byIndex = new TreeMap<>();

  /** Replaces all by one: the founding configuration (index 0), or the one in a snapshot. */
  public void begin(long index, Configuration configuration) {
    byIndex.clear();
    byIndex.put(index, configuration);
  }

  /** Adds the entry if it is a configuration; returns whether it is. */
  public boolean appended(long index, LogEntry entry) {
    if (!Configuration.isIn(entry)) {
      return false;
    }
    appended(index, Configuration.ofEntry(entry));
    return true;
  }

  public void appended(long index, Configuration configuration) {
    byIndex.put(index, configuration);
  }

  public void cutFrom(long index) {
    byIndex.tailMap(index, true).clear();
  }

  public Configuration latest() {
    Map.Entry<Long, Configuration> last = byIndex.lastEntry();
    return last == null ? Configuration.NOBODY : last.getValue();
  }

  /** Index of the configuration in force; 0 for the founding one. */
  public long latestIndex() {
    return byIndex.isEmpty() ? 0 : byIndex.lastKey();
  }

  /** The configuration that is in force for a log that ends at this index. */
  public Configuration at(long index) {
    Map.Entry<Long, Configuration> floor = byIndex.floorEntry(index);
    return floor == null ? Configuration.NOBODY : floor.getValue();
  }
}
