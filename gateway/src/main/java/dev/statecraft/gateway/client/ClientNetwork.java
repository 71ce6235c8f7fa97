package dev.statecraft.gateway.client;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Names the network that stands for a client. One user has all addresses of an IPv6 network, so a client is identified
 * by the leading bits of its address. An IPv4 address stands for itself, also in its IPv6 form.
 */
public final class ClientNetwork {
  private static final int IPV6_BYTES = 16;

  private ClientNetwork() {}

  /**
   * Returns the name of the network, the same for each notation of an address: {@code 10.0.0.1}, or
   * {@code 2001:db8:0:1:0:0:0:0/64}. Text that is no address is returned as it is.
   *
   * @param ipv6Prefix number of leading bits of an IPv6 address that count
   */
  public static String of(String address, int ipv6Prefix) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    int zone = address.indexOf('%');
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(zone < 0 ? address : address.substring(0, zone));
    if (bytes == null) {
      return address;
    }
    try {
      // An IPv4-mapped address becomes an IPv4 address here.
      byte[] network = InetAddress.getByAddress(bytes).getAddress();
      if (network.length < IPV6_BYTES) {
        return NetUtil.bytesToIpAddress(network);
      }
      for (int bit = ipv6Prefix; bit < IPV6_BYTES * Byte.SIZE; bit++) {
        network[bit / Byte.SIZE] &= (byte) ~(0x80 >>> bit % Byte.SIZE);
      }
      return InetAddress.getByAddress(network).getHostAddress() + '/' + ipv6Prefix;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("neither 4 nor 16 bytes", e);
    }
  }
}
