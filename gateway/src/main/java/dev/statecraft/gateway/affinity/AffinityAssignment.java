package dev.statecraft.gateway.affinity;

/**
 * Which node a client's session lives on.
 *
 * @param keyId key that signs the pin, and by which the node's id was made
 * @param nodeId opaque id of the node
 * @param epoch how many times the owner changed, from 0
 * @param user pseudonym of the user ({@link UserId#pseudonym}), or empty where the policy needs none
 */
public record AffinityAssignment(String keyId, String nodeId, int epoch, String user) {}
