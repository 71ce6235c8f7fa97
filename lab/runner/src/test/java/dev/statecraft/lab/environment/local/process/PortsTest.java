package dev.statecraft.lab.environment.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void returnsNoPortTwice() throws IOException {
    Ports ports = new Ports(new Random(1));
    Set<Integer> returned = new HashSet<>();
    for (int count = 0; count < 200; count++) {
      assertThat(returned.add(ports.next())).isTrue();
    }
  }

  @Test
  void skipsAPortInUse() throws IOException {
    int first = new Ports(new Random(2)).next();
    try (ServerSocket taken = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
      assertThat(new Ports(new Random(2)).next()).isNotEqualTo(taken.getLocalPort());
    }
  }

  @Test
  void staysBelowTheEphemeralRange() throws IOException {
    Ports ports = new Ports(new Random(3));
    for (int count = 0; count < 200; count++) {
      assertThat(ports.next()).isBetween(1024, 32_767);
    }
  }
}
