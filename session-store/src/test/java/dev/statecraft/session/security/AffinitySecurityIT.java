package dev.statecraft.session.security;

import java.util.List;

class AffinitySecurityIT extends SecuredApplicationContract {
  @Override
  List<String> settings(int node) {
    return List.of("statecraft.session.strategy=affinity");
  }

  @Override
  int nodes() {
    return 1;
  }

  @Override
  boolean revokes() {
    return true;
  }
}
