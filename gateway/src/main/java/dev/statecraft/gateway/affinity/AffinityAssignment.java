package dev.statecraft.gateway.affinity;

/**
 * The assignment of a client to the node that holds its session.
 *
 * @param keyId key that signs the assignment, and from which the node's id is derived
 * @param nodeId opaque id of the node
 * @param epoch number of times that the owner changed, from 0
 * @param user pseudonym of the user ({@link AffinityCookie#pseudonym}); empty if the policy needs none
 */
public record AffinityAssignment(String keyId, String nodeId, int epoch, String user) {}
