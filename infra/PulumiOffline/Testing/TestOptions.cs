namespace Pulumi.Testing;

/// <summary>Settings of a test run.</summary>
public class TestOptions
{
    /// <summary>Default <c>project</c>.</summary>
    public string? ProjectName { get; set; }

    /// <summary>The project's directory.</summary>
    public string? RootDirectory { get; set; }

    /// <summary>Default <c>stack</c>.</summary>
    public string? StackName { get; set; }

    /// <summary>Whether what the mocks do not answer is unknown; default true.</summary>
    public bool? IsPreview { get; set; }

    /// <summary>Default <c>organization</c>.</summary>
    public string? OrganizationName { get; set; }
}
