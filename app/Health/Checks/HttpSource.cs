namespace Candor.Health.Checks;

/// <summary>What to ask of an HTTP dependency.</summary>
/// <param name="Address">Asked with GET; 2xx and 3xx are well.</param>
/// <param name="Client">The client the app itself uses; null for one of the check's own.</param>
public sealed record HttpSource(Uri Address, HttpClient? Client = null);
