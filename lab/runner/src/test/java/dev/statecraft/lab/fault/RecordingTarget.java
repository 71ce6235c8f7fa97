package dev.statecraft.lab.fault;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.SessionStoreState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A fault target that records calls. It has three nodes; the second is the leader. */
final class RecordingTarget implements FaultTarget {
  final List<String> calls = new ArrayList<>();
  List<String> names = List.of("n1", "n2", "n3");
  List<String> stores = List.of();
  Map<String, Optional<SessionStoreState>> states = Map.of();
  OptionalLong pid = OptionalLong.empty();
  boolean restartFails;
  boolean cutFails;
  boolean clockFails;

  @Override
  public OptionalLong pid(String name) {
    return pid;
  }

  @Override
  public List<String> nodes() {
    return names;
  }

  @Override
  public List<String> stores() {
    return stores;
  }

  @Override
  public String nextNodeName() {
    return "n4";
  }

  @Override
  public String nodeToRemove() {
    return "n3";
  }

  @Override
  public void add(String name) {
    calls.add("add " + name);
  }

  @Override
  public boolean remove(String name) {
    return calls.add("remove " + name);
  }

  @Override
  public void setClock(String name, Duration error) throws ClusterFailure {
    if (clockFails && !error.isZero()) {
      throw new ClusterFailure("cannot set the clock");
    }
    calls.add("clock " + name + " " + error);
  }

  @Override
  public Map<String, Optional<SessionStoreState>> states() {
    Map<String, Optional<SessionStoreState>> all = new LinkedHashMap<>();
    names.forEach(name -> all.put(name, states.getOrDefault(name, Optional.of(new SessionStoreState(1, "n2", null)))));
    return all;
  }

  @Override
  public void cut(List<String> from, List<String> to) throws ClusterFailure {
    if (cutFails) {
      throw new ClusterFailure("cannot cut connections");
    }
    calls.add("cut " + from + " " + to);
  }

  @Override
  public String primary() {
    return "redis-replica-1";
  }

  @Override
  public void killPrimary(String primary, Duration behind) {
    calls.add("kill " + primary + " behind");
  }

  @Override
  public void rejoin(String former) {
    calls.add("rejoin " + former);
  }

  @Override
  public void awaitFailover(String former) {
    calls.add("failover from " + former);
  }

  @Override
  public void reconnect() {
    calls.add("reconnect");
  }

  @Override
  public void kill(String name) {
    calls.add("kill " + name);
  }

  @Override
  public void wipe(String name) {
    calls.add("wipe " + name);
  }

  @Override
  public boolean terminate(String name) {
    return calls.add("terminate " + name);
  }

  @Override
  public void pause(String name) {
    calls.add("pause " + name);
  }

  @Override
  public void resume(String name) {
    if (!calls.getLast().equals("resume " + name)) {
      calls.add("resume " + name);
    }
  }

  @Override
  public void restart(String name) throws ClusterFailure {
    if (restartFails) {
      throw new ClusterFailure(name + " does not start");
    }
    calls.add("restart " + name);
  }

  @Override
  public void awaitReady(String name) {
    calls.add("ready " + name);
  }
}
