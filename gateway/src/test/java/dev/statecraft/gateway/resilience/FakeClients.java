package dev.statecraft.gateway.resilience;

import dev.statecraft.gateway.client.ClientConnection;
import dev.statecraft.gateway.client.Lease;
import java.util.ArrayList;
import java.util.List;

/** Client connections whose clients all keep the gateway waiting. */
final class FakeClients implements ClientConnection {
  private final List<Lease> leases = new ArrayList<>();
  private int reclaimable;

  /** Lets so many exchanges be ended for the sake of others. */
  void reclaimable(int exchanges) {
    reclaimable = exchanges;
  }

  List<Lease> leases() {
    return leases;
  }

  @Override
  public void hold(Lease lease) {
    leases.add(lease);
  }

  @Override
  public boolean reclaim(Object resource) {
    if (reclaimable == 0 || leases.isEmpty()) {
      return false;
    }
    reclaimable--;
    leases.removeFirst().giveBack();
    return true;
  }
}
