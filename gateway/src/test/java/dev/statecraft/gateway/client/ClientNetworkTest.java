package dev.statecraft.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientNetworkTest {
  @ParameterizedTest
  @CsvSource({"10.0.0.1,64,10.0.0.1", "2001:db8::1,64,2001:db8:0:0:0:0:0:0/64",
    "2001:0DB8:0:0:ffff::2,64,2001:db8:0:0:0:0:0:0/64", "2001:db8:0:1::,64,2001:db8:0:1:0:0:0:0/64",
    "2001:db8:ffff::1,40,2001:db8:ff00:0:0:0:0:0/40", "2001:db8::1,128,2001:db8:0:0:0:0:0:1/128",
    "::ffff:10.0.0.1,64,10.0.0.1", "fe80::1%eth0,64,fe80:0:0:0:0:0:0:0/64", "unknown,64,unknown"})
  void namesNetworkOfAddress(String address, int prefix, String network) {
    assertThat(ClientNetwork.of(address, prefix)).isEqualTo(network);
  }

  @Property
  void addressesAreOneClientExactlyIfTheirPrefixesAreEqual(@ForAll @Size(16) byte[] left,
      @ForAll @Size(16) byte[] right,
      @ForAll @IntRange(min = 1, max = 128) int prefix, @ForAll @IntRange(max = 128) int common)
      throws UnknownHostException {
    left[0] = 0x20;
    right[0] = 0x20;
    for (int bit = Byte.SIZE; bit < common; bit++) {
      int mask = 0x80 >>> bit % Byte.SIZE;
      right[bit / Byte.SIZE] = (byte) ((right[bit / Byte.SIZE] & ~mask) | (left[bit / Byte.SIZE] & mask));
    }
    boolean same = true;
    for (int bit = 0; bit < prefix; bit++) {
      same &= ((left[bit / Byte.SIZE] ^ right[bit / Byte.SIZE]) & 0x80 >>> bit % Byte.SIZE) == 0;
    }
    assertThat(network(left, prefix).equals(network(right, prefix))).isEqualTo(same);
  }

  private static String network(byte[] address, int prefix) throws UnknownHostException {
    return ClientNetwork.of(InetAddress.getByAddress(address).getHostAddress(), prefix);
  }
}
