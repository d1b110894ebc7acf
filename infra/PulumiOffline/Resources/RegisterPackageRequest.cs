namespace Pulumi;

/// <summary>
/// The parameterized package that a resource belongs to. An engine registers it; a run with mocks has nothing to register it with.
/// </summary>
/// <param name="name">The plugin's name.</param>
/// <param name="version">The plugin's version.</param>
/// <param name="downloadUrl">Where the plugin is downloaded from; empty for the default.</param>
/// <param name="checksums">The plugin's checksum per platform.</param>
/// <param name="parameterization">The package that parameters make of the plugin.</param>
/// <param name="extension">The package that extends the plugin.</param>
public sealed class RegisterPackageRequest(
    string name,
    string version,
    string downloadUrl,
    Dictionary<string, byte[]>? checksums = null,
    RegisterPackageRequest.PackageParameterization? parameterization = null,
    RegisterPackageRequest.PackageParameterization? extension = null)
{
    /// <summary>Describes a parameterized package that nothing extends.</summary>
    public RegisterPackageRequest(
        string name, string version, string downloadUrl, Dictionary<string, byte[]>? checksums, PackageParameterization? parameterization)
        : this(name, version, downloadUrl, checksums, parameterization, extension: null)
    {
    }

    /// <summary>The plugin's name.</summary>
    public string Name { get; } = name;

    /// <summary>The plugin's version.</summary>
    public string Version { get; } = version;

    /// <summary>Where the plugin is downloaded from; empty for the default.</summary>
    public string DownloadUrl { get; } = downloadUrl;

    /// <summary>The plugin's checksum per platform.</summary>
    public Dictionary<string, byte[]>? Checksums { get; } = checksums;

    /// <summary>The package that parameters make of the plugin.</summary>
    public PackageParameterization? Parameterization { get; } = parameterization;

    /// <summary>The package that extends the plugin.</summary>
    public PackageParameterization? Extension { get; } = extension;

    /// <summary>The package that parameters make of a plugin.</summary>
    /// <param name="name">The package's name.</param>
    /// <param name="version">The package's version.</param>
    /// <param name="value">The parameters, as the plugin encodes them.</param>
    public sealed class PackageParameterization(string name, string version, byte[] value)
    {
        /// <summary>The package's name.</summary>
        public string Name { get; } = name;

        /// <summary>The package's version.</summary>
        public string Version { get; } = version;

        /// <summary>The parameters, as the plugin encodes them.</summary>
        public byte[] Value { get; } = value;
    }
}
