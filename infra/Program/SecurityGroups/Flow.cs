namespace Candor.Program.SecurityGroups;

/// <summary>One flow that a rule admits.</summary>
/// <param name="Port">Its port.</param>
/// <param name="Description">Who talks to whom, for the reader of the AWS console.</param>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
internal sealed record Flow(int Port, string Description, string Protocol = "tcp");
