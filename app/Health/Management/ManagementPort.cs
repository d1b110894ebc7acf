namespace Candor.Health.Management;

/// <summary>The port that management is served on.</summary>
/// <param name="Number">1–65535.</param>
internal sealed record ManagementPort(int Number);
