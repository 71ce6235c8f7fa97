package dev.statecraft.session.replicated;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jgroups.protocols.raft.LogEntry;

/**
 * Who decides: the members of whom a majority elects and commits, by {@link MemberId}. It is an entry of the log, and
 * holds from the moment in which that entry is appended (Ongaro, Consensus: Bridging Theory and Practice, 2014, section
 * 4.1).
 */
record Configuration(SortedSet<String> ids) {
  /** No command of the library's own begins with it. */
  private static final int KIND = 'C';

  static final Configuration NOBODY = new Configuration(new TreeSet<>());

  Configuration {
    ids = Collections.unmodifiableSortedSet(new TreeSet<>(ids));
  }

  static Configuration of(Collection<String> ids) {
    return new Configuration(new TreeSet<>(ids));
  }

  /** That of a group which has just been founded. */
  static Configuration of(Map<String, UUID> roster) {
    NavigableSet<String> ids = new TreeSet<>();
    roster.forEach((name, disk) -> ids.add(MemberId.of(name, disk).toString()));
    return new Configuration(ids);
  }

  boolean contains(String id) {
    return ids.contains(id);
  }

  int majority() {
    return ids.size() / 2 + 1;
  }

  SortedSet<String> names() {
    return ids.stream().map(id -> MemberId.parse(id).name()).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The member of this name, whatever its disk. */
  Optional<String> named(String name) {
    return ids.stream().filter(id -> MemberId.parse(id).name().equals(name)).findFirst();
  }

  Configuration with(String id) {
    NavigableSet<String> more = new TreeSet<>(ids);
    more.add(id);
    return new Configuration(more);
  }

  Configuration without(String id) {
    NavigableSet<String> fewer = new TreeSet<>(ids);
    fewer.remove(id);
    return new Configuration(fewer);
  }

  /** The content of the log entry that says so. */
  byte[] toEntry() {
    WireWriter out = new WireWriter().octet(KIND);
    out.number(ids.size());
    ids.forEach(out::text);
    return out.toCheckedArray();
  }

  /** Whether the entry is, or was to be, a configuration; a kill may have left half of it. */
  static boolean isIn(LogEntry entry) {
    return entry.internal() && entry.length() > 0 && entry.command()[entry.offset()] == KIND;
  }

  static Configuration ofEntry(LogEntry entry) {
    return read(WireReader.checked(entry.command(), entry.offset(), entry.length()));
  }

  static Configuration ofBytes(byte[] bytes) {
    return read(WireReader.checked(bytes, 0, bytes.length));
  }

  private static Configuration read(WireReader in) {
    if (in.octet() != KIND) {
      throw new MalformedException("This is no configuration");
    }
    NavigableSet<String> ids = new TreeSet<>();
    for (int left = in.count(); left > 0; left--) {
      ids.add(in.text());
    }
    in.expectEnd();
    return new Configuration(ids);
  }
}
