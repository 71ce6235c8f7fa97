package dev.statecraft.session.security;

import java.util.List;

class CookieSecurityIT extends SecuredApplicationContract {
  @Override
  List<String> settings(int node) {
    return List.of("statecraft.session.strategy=cookie",
        "statecraft.session.keys.test=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
  }

  @Override
  int nodes() {
    return 2;
  }

  @Override
  boolean revokes() {
    return false;
  }
}
