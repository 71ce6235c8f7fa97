package dev.statecraft.gateway.client;

import io.netty.util.NetUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A block of addresses of either family, such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}; an address alone is one.
 */
public final class Cidr {
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xFF, (byte) 0xFF};
  private static final int IPV4_BYTES = 4;
  private static final int HIGHEST_BIT = 0x80;
  private static final int ALL_BITS = 0xFF;

  private final byte[] network;
  private final int length;

  private Cidr(byte[] network, int length) {
    this.network = network;
    this.length = length;
  }

  /**
   * Reads a block.
   *
   * @throws IllegalArgumentException when the text is none, or has bits set beyond its length
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    byte[] network = bytes(slash < 0 ? text : text.substring(0, slash));
    if (network == null) {
      throw new IllegalArgumentException('"' + text + "\" is no block of addresses such as 10.0.0.0/8");
    }
    int bits = network.length * Byte.SIZE;
    int length = bits;
    if (slash >= 0) {
      try {
        length = Integer.parseInt(text.substring(slash + 1));
      } catch (NumberFormatException e) {
        length = -1;
      }
    }
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException('"' + text + "\" has no prefix length from 0 to " + bits);
    }
    Cidr cidr = new Cidr(network, length);
    for (int bit = length; bit < bits; bit++) {
      if ((network[bit / Byte.SIZE] & (HIGHEST_BIT >>> (bit % Byte.SIZE))) != 0) {
        throw new IllegalArgumentException('"' + text + "\" has bits set beyond its prefix");
      }
    }
    return cidr;
  }

  /** Returns how many leading bits are fixed. */
  public int length() {
    return length;
  }

  /** Tells whether the text is an address of either family. */
  static boolean isAddress(String text) {
    return bytes(text) != null;
  }

  /** Tells whether the address, in text, lies in the block; false for anything that is no address. */
  public boolean contains(String address) {
    byte[] other = bytes(address);
    if (other == null || other.length != network.length) {
      return false;
    }
    int whole = length / Byte.SIZE;
    if (!Arrays.equals(network, 0, whole, other, 0, whole)) {
      return false;
    }
    int rest = length % Byte.SIZE;
    int mask = -HIGHEST_BIT >> (rest - 1);
    return rest == 0 || ((network[whole] ^ other[whole]) & mask & ALL_BITS) == 0;
  }

  /** Returns the bytes of an address; one of IPv4 that is mapped into IPv6 becomes IPv4 again. */
  private static byte @Nullable [] bytes(String address) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    boolean mapped = bytes != null && bytes.length > IPV4_BYTES
        && Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
    return mapped ? Arrays.copyOfRange(bytes, MAPPED.length, bytes.length) : bytes;
  }
}
