package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Notices which of the nodes that faults hit serve again. Thread-safe. */
final class RecoveryProbe {
  private final Set<String> nodes;
  private final Set<Integer> servesAgain = ConcurrentHashMap.newKeySet();

  /** For a cluster with these stateful nodes; what else is hit serves again with the first good answer of anyone. */
  RecoveryProbe(List<String> nodes) {
    this.nodes = Set.copyOf(nodes);
  }

  /** Takes in an operation that is over. */
  void notice(Operation operation, List<FaultEvent> faults) {
    if (!(operation.outcome() instanceof Outcome.Ok)) {
      return;
    }
    for (int i = 0; i < faults.size(); i++) {
      FaultEvent fault = faults.get(i);
      if (fault.ended() >= 0 && operation.invoked() >= fault.ended()
          && (!nodes.contains(fault.target()) || fault.target().equals(operation.servedBy()))) {
        servesAgain.add(i);
      }
    }
  }

  boolean servesAgain(int fault) {
    return servesAgain.contains(fault);
  }

  /** The nodes that were hit and have not served since. */
  List<String> missing(List<FaultEvent> faults) {
    return IntStream.range(0, faults.size()).filter(fault -> !servesAgain(fault))
        .mapToObj(fault -> faults.get(fault).target()).distinct().toList();
  }
}
