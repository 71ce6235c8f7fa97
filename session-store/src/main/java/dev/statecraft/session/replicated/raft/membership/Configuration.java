package dev.statecraft.session.replicated.raft.membership;

import dev.statecraft.session.replicated.wire.MalformedException;
import dev.statecraft.session.replicated.wire.WireReader;
import dev.statecraft.session.replicated.wire.WireWriter;
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
 * The voting members of the group, by {@link MemberId}. A configuration is an entry of the log and is in force as soon
 * as that entry is appended (Ongaro, Consensus: Bridging Theory and Practice, 2014, section 4.1).
 */
public record Configuration(SortedSet<String> ids) {
  /** First byte of the entry. No internal command of jgroups-raft starts with it. */
  private static final int KIND = 'C';

  public static final Configuration NOBODY = new Configuration(new TreeSet<>());

  public Configuration {
    ids = Collections.unmodifiableSortedSet(new TreeSet<>(ids));
  }

  public static Configuration of(Collection<String> ids) {
    return new Configuration(new TreeSet<>(ids));
  }

  /** The configuration that a group is founded with. */
  public static Configuration of(Map<String, UUID> roster) {
    NavigableSet<String> ids = new TreeSet<>();
    roster.forEach((name, disk) -> ids.add(MemberId.of(name, disk).toString()));
    return new Configuration(ids);
  }

  public boolean contains(String id) {
    return ids.contains(id);
  }

  public int majority() {
    return ids.size() / 2 + 1;
  }

  public SortedSet<String> names() {
    return ids.stream().map(id -> MemberId.parse(id).name()).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Id of the member with this name, if there is one. */
  public Optional<String> named(String name) {
    return ids.stream().filter(id -> MemberId.parse(id).name().equals(name)).findFirst();
  }

  public Configuration with(String id) {
    NavigableSet<String> more = new TreeSet<>(ids);
    more.add(id);
    return new Configuration(more);
  }

  public Configuration without(String id) {
    NavigableSet<String> fewer = new TreeSet<>(ids);
    fewer.remove(id);
    return new Configuration(fewer);
  }

  /** Content of the log entry. */
  public byte[] toEntry() {
    WireWriter out = new WireWriter().octet(KIND);
    out.number(ids.size());
    ids.forEach(out::text);
    return out.toCheckedArray();
  }

  /** Whether the entry is a configuration. A kill may have left only part of it. */
  public static boolean isIn(LogEntry entry) {
    return entry.internal() && entry.length() > 0 && entry.command()[entry.offset()] == KIND;
  }

  public static Configuration ofEntry(LogEntry entry) {
    return read(WireReader.checked(entry.command(), entry.offset(), entry.length()));
  }

  public static Configuration ofBytes(byte[] bytes) {
    return read(WireReader.checked(bytes, 0, bytes.length));
  }

  private static Configuration read(WireReader in) {
    if (in.octet() != KIND) {
      throw new MalformedException("Not a configuration");
    }
    NavigableSet<String> ids = new TreeSet<>();
    for (int left = in.count(); left > 0; left--) {
      ids.add(in.text());
    }
    in.expectEnd();
    return new Configuration(ids);
  }
}
